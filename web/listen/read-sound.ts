/** A piece of the master out of a binary message; null when it is something else. */
import {
  SOUND_FRAME_BYTES,
  SOUND_FULL_SCALE,
  SOUND_HEADER,
  SOUND_HEADER_WORDS,
  SOUND_MAGIC,
} from '../../protocol/sound.ts';

export interface SoundPiece {
  readonly rateHz: number;
  /** Counted from the engine's start. */
  readonly first: number;
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
}

const WORD_BYTES = 4;
const HEADER_BYTES = SOUND_HEADER_WORDS * WORD_BYTES;
const WORD_RANGE = 2 ** 32;

export const readSound = (buffer: ArrayBuffer): SoundPiece | null => {
  const bytes = buffer.byteLength - HEADER_BYTES;
  if (bytes < SOUND_FRAME_BYTES || bytes % SOUND_FRAME_BYTES !== 0) return null;
  const view = new DataView(buffer);
  const word = (field: keyof typeof SOUND_HEADER) =>
    view.getUint32(SOUND_HEADER[field] * WORD_BYTES, true);
  if (word('magic') !== SOUND_MAGIC) return null;
  const words = new Int16Array(buffer, HEADER_BYTES);
  const left = new Float32Array(words.length / 2);
  const right = new Float32Array(words.length / 2);
  for (let frame = 0; frame < left.length; frame++) {
    left[frame] = (words[2 * frame] ?? 0) / SOUND_FULL_SCALE;
    right[frame] = (words[2 * frame + 1] ?? 0) / SOUND_FULL_SCALE;
  }
  const first = word('firstLo') + word('firstHi') * WORD_RANGE;
  return { rateHz: word('sampleRateHz'), first, left, right };
};
