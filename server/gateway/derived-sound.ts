/**
 * What a loop made of other takes looks like: their sound, laid over each other from disk.
 *
 * For overviews alone: seams and tails are not in it, and another tempo is read frame by frame.
 */
import { ERRORS } from '../../protocol/errors.ts';
import type { TakeInfo, TakeLayer } from '../../protocol/link.ts';
import { readPieces, slice } from './pieces.ts';
import { openTake, type TakeAudio, type TakeAudioAnswer } from './take-audio.ts';
import { SAMPLE_BYTES, TAKE_CHANNELS, WAV_HEADER_BYTES, wavHeader } from '../wav-header.ts';

type Found = TakeInfo | { readonly code: number };
export type FindTake = (takeId: string) => Promise<Found>;

const samplesOf = async (audio: TakeAudio): Promise<Float32Array> => {
  const bytes = new Uint8Array(audio.sizeBytes - WAV_HEADER_BYTES);
  let at = 0;
  for await (const step of readPieces(slice(audio.pieces, WAV_HEADER_BYTES, audio.sizeBytes))) {
    bytes.set(step, at);
    at += step.length;
  }
  return new Float32Array(bytes.buffer, 0, bytes.length / SAMPLE_BYTES);
};

/** Adds a layer, round its end as often as the result is long. */
export const addLayer = (result: Float32Array, sound: Float32Array, layer: TakeLayer): void => {
  const frames = sound.length / TAKE_CHANNELS;
  const count = result.length / TAKE_CHANNELS;
  for (let frame = 0; frame < count; frame += 1) {
    const place = TAKE_CHANNELS * (Math.floor(layer.startFrames + frame * layer.ratio) % frames);
    const at = TAKE_CHANNELS * frame;
    result[at] = (result[at] ?? 0) + layer.gainLeft * (sound[place] ?? 0);
    result[at + 1] = (result[at + 1] ?? 0) + layer.gainRight * (sound[place + 1] ?? 0);
  }
};

/** As one take; any other take is opened as it is. */
export const openLook = async (takeId: string, find: FindTake): Promise<TakeAudioAnswer> => {
  const take = await find(takeId);
  if ('code' in take) return take;
  if (take.location.kind !== 'derived') {
    let first: Found | null = take;
    return openTake(async () => {
      const found = first ?? (await find(takeId));
      first = null;
      return found;
    });
  }
  const frameCount = take.toFrame - take.fromFrame;
  const result = new Float32Array(TAKE_CHANNELS * frameCount);
  const sounds = new Map<string, Float32Array>();
  for (const layer of take.location.layers) {
    let sound = sounds.get(layer.takeId);
    if (!sound) {
      const audio = await openTake(() => find(layer.takeId));
      if ('code' in audio) return audio;
      sound = await samplesOf(audio);
      sounds.set(layer.takeId, sound);
    }
    if (sound.length === 0) return { code: ERRORS.ERR_TAKE_UNREADABLE.code };
    addLayer(result, sound, layer);
  }
  return {
    pieces: [
      { kind: 'bytes', bytes: wavHeader(frameCount, take.rateHz) },
      { kind: 'bytes', bytes: new Uint8Array(result.buffer) },
    ],
    sizeBytes: WAV_HEADER_BYTES + result.byteLength,
    frameCount,
    rateHz: take.rateHz,
    etag: `"${take.id}"`,
    path: null,
  };
};
