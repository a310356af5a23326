/** A WAV file with several stereo pairs of noise. */
import { writeWavFile } from '../judge/wav.ts';
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
  writeWavFile(path, rateHz, samples, channels);
};
