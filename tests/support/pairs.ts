/** A WAV file with several stereo pairs of noise. */
import { writeFileSync } from 'node:fs';
import { makeRandom } from './random.ts';

export interface PairShape {
  readonly rateHz: number;
  readonly pairs: number;
  readonly frames: number;
  readonly seed: number;
}

const LEVEL = 0.2;

export const writePairs = (path: string, { rateHz, pairs, frames, seed }: PairShape): void => {
  const channels = 2 * pairs;
  const random = makeRandom(seed);
  const samples = Float32Array.from(
    { length: channels * frames },
    () => LEVEL * (2 * random() - 1),
  );
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
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer)]));
};
