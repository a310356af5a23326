/**
 * WAV files and noise for the judges: written from the format's description, importing nothing of
 * the product, so that an error of the product cannot hide in a shared reader.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface Sound {
  readonly rateHz: number;
  readonly channels: number;
  /** Interleaved. */
  readonly samples: Float32Array;
  readonly frames: number;
}

/** Reads a Float32 WAV file; trusts the file's length where the header disagrees. */
export const readWav = (bytes: Uint8Array): Sound => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let channels = 0;
  let rateHz = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === 'fmt ') {
      if (view.getUint16(at + 8, true) !== 3) throw new Error('not IEEE float');
      channels = view.getUint16(at + 10, true);
      rateHz = view.getUint32(at + 12, true);
    }
    if (tag(at) === 'data') {
      const length = Math.min(size === 0 ? Infinity : size, bytes.length - at - 8);
      const frames = Math.floor(length / (4 * channels));
      const samples = new Float32Array(
        bytes.buffer.slice(
          bytes.byteOffset + at + 8,
          bytes.byteOffset + at + 8 + frames * channels * 4,
        ),
      );
      return { rateHz, channels, samples, frames };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error('no data chunk');
};

export const readWavFile = (path: string): Sound => readWav(readFileSync(path));

/** Writes interleaved Float32. */
export const writeWavFile = (
  path: string,
  rateHz: number,
  samples: Float32Array,
  channels = 2,
): void => {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 4 * channels, 28);
  header.writeUInt16LE(4 * channels, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const fd = openSync(path, 'w');
  writeSync(fd, header);
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let at = 0; at < bytes.length; )
    at += writeSync(fd, bytes, at, Math.min(1 << 26, bytes.length - at));
  closeSync(fd);
};

/** A generator of numbers 0 ≤ x < 1 that gives the same ones for the same seed (mulberry32). */
export const makeRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Stereo noise at −12 dBFS peak: no two places in it are alike, so a window matches only once. */
export const makeNoise = (seed: number, frames: number): Float32Array => {
  const random = makeRandom(seed);
  const samples = new Float32Array(frames * 2);
  for (let at = 0; at < samples.length; at += 1) samples[at] = (random() - 0.5) * 0.5;
  return samples;
};

/** Frames at which `take` stands bit for bit in `input` (which repeats for ever). */
export const findTake = (input: Float32Array, take: Float32Array): number[] => {
  const frames = input.length / 2;
  const found: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    if (input[2 * frame] !== take[0] || input[2 * frame + 1] !== take[1]) continue;
    let same = true;
    for (let at = 0; at < take.length && same; at += 1) {
      same = take[at] === input[(2 * frame + at) % input.length];
    }
    if (same) found.push(frame);
  }
  return found;
};

export const dbfs = (value: number): number => (value === 0 ? -Infinity : 20 * Math.log10(value));
