/**
 * The coded signal: every sample is a counter of its frame and channel, so that each place in a file
 * proves itself. No sample is zero: silence is never mistaken for sound.
 */
import { writeWavFile } from '../../judge/wav.ts';

/** Whole numbers up to here are exact in a Float32. */
const CODES = 2 ** 24;

export interface Code {
  readonly channels: number;
  /** After so many frames the signal begins anew. */
  readonly periodFrames: number;
}

/** Stereo; repeats after 22 seconds at 48 kHz, and is at most −18 dBFS loud. */
export const STEREO: Code = { channels: 2, periodFrames: 2 ** 20 };

export const codedSample = (code: Code, frame: number, channel: number): number =>
  ((frame % code.periodFrames) * code.channels + channel + 1) / CODES;

/** What a sample says of itself; null when it is no code. */
export const placeOf = (code: Code, sample: number) => {
  const number = sample * CODES - 1;
  const isCode =
    Number.isInteger(number) && number >= 0 && number < code.channels * code.periodFrames;
  if (!isCode) return null;
  return { frame: Math.floor(number / code.channels), channel: number % code.channels };
};

/** Interleaved, frame `fromFrame` first. */
export const codedSound = (code: Code, fromFrame: number, frames: number): Float32Array => {
  const samples = new Float32Array(frames * code.channels);
  for (let at = 0; at < samples.length; at += 1) {
    const frame = fromFrame + Math.floor(at / code.channels);
    samples[at] = codedSample(code, frame, at % code.channels);
  }
  return samples;
};

/** One period as a file that the headless device plays in a loop. */
export const writeCodedInput = (path: string, code: Code, rateHz: number): void =>
  writeWavFile(path, rateHz, codedSound(code, 0, code.periodFrames), code.channels);

/** The pair of channels that a source hears; of several pairs source 0 is the sum, which no code is. */
const pairOf = (code: Code, source: number): number => (code.channels === 2 ? 0 : 2 * (source - 1));

/** A stereo pair in interleaved samples, beside the sound it should hold. */
export interface Claim {
  readonly samples: Float32Array;
  /** Channels in `samples`, and the first of the two that are judged. */
  readonly stride: number;
  readonly channel: number;
  readonly source: number;
  /** The frame that the first of them should be. */
  readonly fromFrame: number;
  readonly frames: number;
}

/** Frames from the first on that are what they should be; `frames` when all of them are. */
export const exactFrames = (code: Code, claim: Claim): number => {
  const { channel, frames, fromFrame, samples, source, stride } = claim;
  const pair = pairOf(code, source);
  for (let frame = 0; frame < frames; frame += 1) {
    for (const side of [0, 1]) {
      const sample = samples[frame * stride + channel + side];
      if (sample !== codedSample(code, fromFrame + frame, pair + side)) return frame;
    }
  }
  return frames;
};
