/**
 * Layout of a feature frame: what the page draws thirty times a second.
 *
 * One little-endian buffer of 32-bit words. Clocks and counters are u32 words in it, because a
 * Float32 clock loses frames after 349 s. The header carries the counts, so that readers never
 * assume how many slots, bands or buckets follow. Imports nothing: the page reads it too.
 */
export const FEATURE_MAGIC = 0x01_5a_46_01;
/** First word of the message that carries the look-back strip to a client that joins. */
export const STRIP_MAGIC = 0x01_5a_46_02;

/** Word index of each header field. */
export const FEATURE_HEADER = {
  magic: 0,
  seq: 1,
  frameLo: 2,
  frameHi: 3,
  sampleRateHz: 4,
  bpm: 5,
  barPhase: 6,
  barIndex: 7,
  audioLoad: 8,
  flags: 9,
  counts: 10,
  serverTimeMs: 11,
  beat: 12,
  beatFrac: 13,
  framesPerBeat: 14,
  newestBucket: 15,
} as const;

/** u32 words (the others of the header are f32); `beat` and `newestBucket` are i32. */
export const FEATURE_U32 = [
  'magic',
  'seq',
  'frameLo',
  'frameHi',
  'barIndex',
  'flags',
  'counts',
  'serverTimeMs',
  'beat',
  'newestBucket',
] as const;

export const FEATURE_HEADER_WORDS = 16;
/** Input and master: left peak, left rms, right peak, right rms; linear. */
export const FEATURE_LEVEL_WORDS = 8;
/** Per slot: peak, rms, loop phase 0 ≤ p < 1 (−1 = empty). */
export const FEATURE_SLOT_WORDS = 3;
/** Per bucket: lowest and highest sample of 1/24 beat, oldest first, ending at `newestBucket`. */
export const FEATURE_BUCKET_WORDS = 2;

/** Bits of the `flags` word. */
export const FEATURE_FLAGS = {
  playing: 1,
  xrun: 2,
  diskSlow: 4,
  diskCritical: 8,
  clipInput: 16,
  clipMaster: 32,
  // The audio thread has little time to spare: 15 a second, then 8, without bands.
  paceHalf: 64,
  paceSparse: 128,
} as const;

export interface FeatureCounts {
  readonly slots: number;
  readonly bands: number;
  readonly buckets: number;
}

/** The counts word: slots | bands << 8 | buckets << 16. */
export const packCounts = (c: FeatureCounts): number =>
  (c.slots | (c.bands << 8) | (c.buckets << 16)) >>> 0;

export const unpackCounts = (word: number): FeatureCounts => ({
  slots: word & 0xff,
  bands: (word >>> 8) & 0xff,
  buckets: (word >>> 16) & 0xff,
});

/** First word of each section for the given counts; `end` is the frame's length in words. */
export const featureLayout = (c: FeatureCounts) => {
  const levels = FEATURE_HEADER_WORDS;
  const slots = levels + FEATURE_LEVEL_WORDS;
  const bands = slots + c.slots * FEATURE_SLOT_WORDS;
  const buckets = bands + c.bands;
  return { levels, slots, bands, buckets, end: buckets + c.buckets * FEATURE_BUCKET_WORDS };
};

/**
 * Strip message: magic, newest bucket (i32), count, 0, then (min, max) f32 pairs, oldest first.
 * Sent once after the full state; feature frames continue it.
 */
export const STRIP_HEADER_WORDS = 4;
