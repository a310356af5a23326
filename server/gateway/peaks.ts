/**
 * The overview a ring is drawn from: lowest and highest sample of n equal parts of a take.
 *
 * Part i holds the frames from floor(i·length/n) to floor((i+1)·length/n); both
 * channels count (a take of one bar has more frames than n can be). A value is sample × 127, rounded and clipped to int8.
 *
 * Brightness says where the sound of a part lies, 0 = 100 Hz or below, 255 = 10 kHz or above, even
 * in between by octaves: the frequency of the sine whose steps from sample to sample would be as
 * large, compared with its level, as those of the sound.
 */
import type { Piece } from './pieces.ts';
import { readPieces, slice } from './pieces.ts';
import type { TakeAudio } from './take-audio.ts';
import { FRAME_BYTES, SAMPLE_BYTES, TAKE_CHANNELS, WAV_HEADER_BYTES } from '../wav-header.ts';

const SCALE = 127;
const DARK_HZ = 100;
const BRIGHT_HZ = 10_000;
const BYTE_MAX = 255;

/** The sound in blocks of whole frames, whatever the steps in which it was read. */
async function* frameBlocks(pieces: readonly Piece[]): AsyncGenerator<Float32Array> {
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  for await (const step of readPieces(pieces)) {
    const bytes = new Uint8Array(rest.length + step.length);
    bytes.set(rest);
    bytes.set(step, rest.length);
    const whole = bytes.length - (bytes.length % FRAME_BYTES);
    yield new Float32Array(bytes.buffer, 0, whole / SAMPLE_BYTES);
    rest = bytes.subarray(whole);
  }
}

const toInt8 = (sample: number): number =>
  Math.max(-SCALE - 1, Math.min(SCALE, Math.round(sample * SCALE)));

/** One part while it is read. */
class Part {
  low = Infinity;
  high = -Infinity;
  #energy = 0;
  #steps = 0;

  add(left: number, right: number, leftStep: number, rightStep: number): void {
    this.low = Math.min(this.low, left, right);
    this.high = Math.max(this.high, left, right);
    this.#energy += left * left + right * right;
    this.#steps += leftStep * leftStep + rightStep * rightStep;
  }

  brightness(rateHz: number): number {
    if (this.#energy === 0) return 0;
    const sine = Math.min(1, Math.sqrt(this.#steps / this.#energy) / 2);
    const hz = (Math.asin(sine) / Math.PI) * rateHz;
    const octaves = Math.log(Math.max(hz, DARK_HZ) / DARK_HZ) / Math.log(BRIGHT_HZ / DARK_HZ);
    return Math.round(Math.min(1, octaves) * BYTE_MAX);
  }
}

/** Collects parts one after the other; written so that a frame costs no allocation. */
class PeakWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #values: Int8Array;
  readonly #audio: TakeAudio;
  readonly #n: number;
  #part = new Part();
  #index = 0;
  #frame = 0;
  #end = 0;
  #left = 0;
  #right = 0;

  constructor(audio: TakeAudio, n: number, withBrightness: boolean) {
    this.#audio = audio;
    this.#n = n;
    this.bytes = new Uint8Array(n * (withBrightness ? 3 : 2));
    this.#values = new Int8Array(this.bytes.buffer, 0, n * 2);
    this.#end = this.#endOf(0);
  }

  add(block: Float32Array): void {
    for (let i = 0; i < block.length; i += TAKE_CHANNELS) {
      const left = block[i] ?? 0;
      const right = block[i + 1] ?? 0;
      const isFirst = this.#frame === 0;
      const leftStep = isFirst ? 0 : left - this.#left;
      const rightStep = isFirst ? 0 : right - this.#right;
      this.#part.add(left, right, leftStep, rightStep);
      this.#left = left;
      this.#right = right;
      this.#frame += 1;
      if (this.#frame === this.#end) this.#close();
    }
  }

  #endOf(index: number): number {
    return Math.floor(((index + 1) * this.#audio.frameCount) / this.#n);
  }

  #close(): void {
    this.#values[this.#index * 2] = toInt8(this.#part.low);
    this.#values[this.#index * 2 + 1] = toInt8(this.#part.high);
    // Without brightness this place lies behind the end and nothing is written.
    this.bytes[this.#n * 2 + this.#index] = this.#part.brightness(this.#audio.rateHz);
    this.#index += 1;
    this.#end = this.#endOf(this.#index);
    this.#part = new Part();
  }
}

/** int8 (min, max) × n, then n u8 of brightness when asked for. */
export const readPeaks = async (
  audio: TakeAudio,
  n: number,
  withBrightness: boolean,
): Promise<Uint8Array<ArrayBuffer>> => {
  const writer = new PeakWriter(audio, n, withBrightness);
  const sound = slice(audio.pieces, WAV_HEADER_BYTES, audio.sizeBytes);
  for await (const block of frameBlocks(sound)) writer.add(block);
  return writer.bytes;
};
