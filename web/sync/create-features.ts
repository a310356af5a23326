/**
 * The newest feature frame as plain typed arrays, for painters; nothing here is reactive.
 *
 * Every second frame is acknowledged with its number; about each thirtieth also says how this page
 * keeps up. One buffer is reused for ever: a frame costs one view and no object.
 */
import {
  FEATURE_HEADER as H,
  FEATURE_MAGIC,
  featureLayout,
  type FeatureCounts,
  FEATURE_BUCKET_WORDS,
  FEATURE_SLOT_WORDS,
  STRIP_HEADER_WORDS,
  STRIP_MAGIC,
  unpackCounts,
} from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { StripStore } from './make-strip-store.ts';

const REPORT_EVERY = 30;

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
  readonly bands: Float32Array;
}

export interface Features {
  readonly frame: FeatureFrame;
  /** Takes a binary message; true when it was a feature frame. */
  take(bytes: ArrayBuffer, nowMs: number): boolean;
  reset(): void;
}

export interface FeatureOptions {
  readonly strip: StripStore;
  readonly acknowledge: (seq: number, isReport: boolean) => void;
}

const SLOT_WORDS_MAX = LIMITS.featureSlotsMax * FEATURE_SLOT_WORDS;

const emptyFrame = (): FeatureFrame => ({
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
  bands: new Float32Array(LIMITS.bandCount),
});

export const createFeatures = ({ strip, acknowledge }: FeatureOptions): Features => {
  const frame = emptyFrame();
  const bytes = new Uint8Array(LIMITS.featureBytesMax);
  const f32 = new Float32Array(bytes.buffer);
  const u32 = new Uint32Array(bytes.buffer);
  const i32 = new Int32Array(bytes.buffer);
  let countsWord = -1;
  let counts: FeatureCounts = { slots: 0, bands: 0, buckets: 0 };
  let layout = featureLayout(counts);
  let sinceAck = 0;
  let sinceReport = 0;

  const real = (word: number) => f32[word] ?? 0;
  const whole = (word: number) => u32[word] ?? 0;

  const readHeader = (nowMs: number) => {
    frame.seq = whole(H.seq);
    frame.arrivedMs = nowMs;
    frame.serverMs = whole(H.serverTimeMs);
    frame.rateHz = real(H.sampleRateHz);
    frame.bpm = real(H.bpm);
    frame.barPhase = real(H.barPhase);
    frame.barIndex = i32[H.barIndex] ?? 0;
    frame.audioLoad = real(H.audioLoad);
    frame.flags = whole(H.flags);
    frame.beat = (i32[H.beat] ?? 0) + real(H.beatFrac);
    frame.framesPerBeat = real(H.framesPerBeat);
    frame.frame = whole(H.frameLo) + whole(H.frameHi) * 2 ** 32;
    if (whole(H.counts) === countsWord) return;
    countsWord = whole(H.counts);
    counts = unpackCounts(countsWord);
    layout = featureLayout(counts);
    frame.slotCount = counts.slots;
  };

  const readSections = () => {
    for (let i = 0; i < frame.levels.length; i++) frame.levels[i] = real(layout.levels + i);
    const slotWords = Math.min(counts.slots * FEATURE_SLOT_WORDS, SLOT_WORDS_MAX);
    for (let i = 0; i < slotWords; i++) frame.slots[i] = real(layout.slots + i);
    for (let i = 0; i < counts.bands; i++) frame.bands[i] = real(layout.bands + i);
    const oldest = (i32[H.newestBucket] ?? 0) - counts.buckets + 1;
    for (let i = 0; i < counts.buckets; i++) {
      const word = layout.buckets + i * FEATURE_BUCKET_WORDS;
      strip.put(oldest + i, real(word), real(word + 1));
    }
  };

  const answer = () => {
    sinceAck++;
    sinceReport++;
    if (sinceAck < LIMITS.ackEveryFrames) return;
    sinceAck = 0;
    const isReport = sinceReport >= REPORT_EVERY;
    if (isReport) sinceReport = 0;
    acknowledge(frame.seq, isReport);
  };

  const takeStrip = (buffer: ArrayBuffer) => {
    const words = new Float32Array(buffer);
    const integers = new Int32Array(buffer);
    const count = integers[2] ?? 0;
    const oldest = (integers[1] ?? 0) - count + 1;
    strip.reset();
    for (let i = 0; i < count; i++) {
      const word = STRIP_HEADER_WORDS + i * FEATURE_BUCKET_WORDS;
      strip.put(oldest + i, words[word] ?? 0, words[word + 1] ?? 0);
    }
  };

  return {
    frame,
    take(buffer, nowMs) {
      if (buffer.byteLength < 16 || buffer.byteLength % 4 !== 0) return false;
      if (buffer.byteLength > bytes.length) {
        if (new Uint32Array(buffer, 0, 1)[0] === STRIP_MAGIC) takeStrip(buffer);
        return false;
      }
      bytes.set(new Uint8Array(buffer));
      if (u32[0] === STRIP_MAGIC) takeStrip(buffer);
      if (u32[0] !== FEATURE_MAGIC) return false;
      readHeader(nowMs);
      readSections();
      answer();
      return true;
    },
    reset() {
      frame.arrivedMs = -Infinity;
      countsWord = -1;
      sinceAck = sinceReport = 0;
    },
  };
};
