/** Audio files of takes as they are named and laid out, of a few frames. */
import { wavHeader } from '../../../server/wav-header.ts';

export const FRAMES = 4;
/** Where such a file is cut off: behind its header, before its end. */
export const TORN_BYTES = 60;

export interface Sound {
  readonly sha256: string;
  readonly bytes: Buffer;
}

const made = new Map<number, Sound>();

export const soundOf = (value: number): Sound => {
  const known = made.get(value);
  if (known) return known;
  const bytes = Buffer.alloc(58 + 8 * FRAMES, value);
  bytes.set(wavHeader(FRAMES, 48_000, 2));
  const sha256 = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
  const sound = { bytes, sha256 };
  made.set(value, sound);
  return sound;
};
