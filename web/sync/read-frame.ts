/** Reads the words of a feature frame into plain fields; no object is made per frame. */
import {
  FEATURE_BUCKET_WORDS,
  FEATURE_HEADER as H,
  FEATURE_SLOT_WORDS,
  type FeatureCounts,
  featureLayout,
  STRIP_HEADER_WORDS,
  unpackCounts,
} from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { StripStore } from './make-strip-store.ts';

export interface FeatureFrame {
  seq: number;
  /** Local ms of arrival; −Infinity before the first. */
  arrivedMs: number;
  serverMs: number;
  rateHz: number;
  bpm: number;
  barPhase: number;
  barIndex: number;
  audioLoad: number;
  flags: number;
  /** Grid beat with its fraction. */
  beat: number;
  framesPerBeat: number;
  /** Frames since the run began. */
  frame: number;
  slotCount: number;
  /** Left peak, left rms, right peak, right rms of the input, then of the master. */
  readonly levels: Float32Array;
  /** Peak, rms, phase of each slot. */
  readonly slots: Float32Array;
}

const SLOT_WORDS_MAX = LIMITS.featureSlotsMax * FEATURE_SLOT_WORDS;

export const emptyFrame = (): FeatureFrame => ({
  seq: 0,
  arrivedMs: -Infinity,
  serverMs: 0,
  rateHz: LIMITS.rateHzDefault,
  bpm: LIMITS.bpmDefault,
  barPhase: 0,
  barIndex: 0,
  audioLoad: 0,
  flags: 0,
  beat: 0,
  framesPerBeat: 24_000,
  frame: 0,
  slotCount: 0,
  levels: new Float32Array(8),
  slots: new Float32Array(SLOT_WORDS_MAX),
});

/** One buffer seen as the three kinds of word, and the layout its counts give. */
export interface FrameWords {
  readonly bytes: Uint8Array;
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  countsWord: number;
  counts: FeatureCounts;
  layout: ReturnType<typeof featureLayout>;
}

export const makeFrameWords = (): FrameWords => {
  const bytes = new Uint8Array(LIMITS.featureBytesMax);
  const counts = { slots: 0, bands: 0, buckets: 0 };
  return {
    bytes,
    f32: new Float32Array(bytes.buffer),
    u32: new Uint32Array(bytes.buffer),
    i32: new Int32Array(bytes.buffer),
    countsWord: -1,
    counts,
    layout: featureLayout(counts),
  };
};

export const readHeader = (words: FrameWords, frame: FeatureFrame): void => {
  const { f32, u32, i32 } = words;
  frame.seq = u32[H.seq] ?? 0;
  frame.serverMs = u32[H.serverTimeMs] ?? 0;
  frame.rateHz = f32[H.sampleRateHz] ?? 0;
  frame.bpm = f32[H.bpm] ?? 0;
  frame.barPhase = f32[H.barPhase] ?? 0;
  frame.barIndex = i32[H.barIndex] ?? 0;
  frame.audioLoad = f32[H.audioLoad] ?? 0;
  frame.flags = u32[H.flags] ?? 0;
  frame.beat = (i32[H.beat] ?? 0) + (f32[H.beatFrac] ?? 0);
  frame.framesPerBeat = f32[H.framesPerBeat] ?? 1;
  frame.frame = (u32[H.frameLo] ?? 0) + (u32[H.frameHi] ?? 0) * 2 ** 32;
  const countsWord = u32[H.counts] ?? 0;
  if (countsWord === words.countsWord) return;
  words.countsWord = countsWord;
  words.counts = unpackCounts(countsWord);
  words.layout = featureLayout(words.counts);
  frame.slotCount = words.counts.slots;
};

export const readSections = (words: FrameWords, frame: FeatureFrame, strip: StripStore): void => {
  const { f32, layout, counts } = words;
  for (let i = 0; i < frame.levels.length; i++) frame.levels[i] = f32[layout.levels + i] ?? 0;
  const slotWords = Math.min(counts.slots * FEATURE_SLOT_WORDS, SLOT_WORDS_MAX);
  for (let i = 0; i < slotWords; i++) frame.slots[i] = f32[layout.slots + i] ?? 0;
  const oldest = (words.i32[H.newestBucket] ?? 0) - counts.buckets + 1;
  // Time went back: another run has begun.
  if (oldest + counts.buckets <= strip.newest() - counts.buckets) strip.reset();
  for (let i = 0; i < counts.buckets; i++) {
    const word = layout.buckets + i * FEATURE_BUCKET_WORDS;
    strip.put(oldest + i, f32[word] ?? 0, f32[word + 1] ?? 0);
  }
};

/** The look-back that a joining page is given. */
export const readStrip = (buffer: ArrayBuffer, strip: StripStore): void => {
  const words = new Float32Array(buffer);
  const integers = new Int32Array(buffer);
  const count = Math.min(integers[2] ?? 0, (words.length - STRIP_HEADER_WORDS) / 2);
  const oldest = (integers[1] ?? 0) - count + 1;
  strip.reset();
  for (let i = 0; i < count; i++) {
    const word = STRIP_HEADER_WORDS + i * FEATURE_BUCKET_WORDS;
    strip.put(oldest + i, words[word] ?? 0, words[word + 1] ?? 0);
  }
};
