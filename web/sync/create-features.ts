/**
 * The newest feature frame as plain typed arrays, for painters; nothing here is reactive.
 *
 * Every second frame is acknowledged with its number; about each thirtieth also says how this page
 * keeps up. One buffer is reused for ever.
 */
import { FEATURE_MAGIC, STRIP_MAGIC } from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { StripStore } from './make-strip-store.ts';
import {
  emptyFrame,
  type FeatureFrame,
  makeFrameWords,
  readHeader,
  readSections,
  readStrip,
} from './read-frame.ts';

const REPORT_EVERY = 30;
const BYTES_MIN = 16;

export interface Features {
  readonly frame: FeatureFrame;
  /** Takes a binary message; true when it was a feature frame. */
  take(buffer: ArrayBuffer, nowMs: number): boolean;
  reset(): void;
}

export interface FeatureOptions {
  readonly strip: StripStore;
  readonly acknowledge: (seq: number, isReport: boolean) => void;
}

export const createFeatures = ({ strip, acknowledge }: FeatureOptions): Features => {
  const frame = emptyFrame();
  const words = makeFrameWords();
  let sinceAck = 0;
  let sinceReport = 0;

  const answer = () => {
    sinceAck++;
    sinceReport++;
    if (sinceAck < LIMITS.ackEveryFrames) return;
    sinceAck = 0;
    const isReport = sinceReport >= REPORT_EVERY;
    if (isReport) sinceReport = 0;
    acknowledge(frame.seq, isReport);
  };

  return {
    frame,
    take(buffer, nowMs) {
      if (buffer.byteLength < BYTES_MIN || buffer.byteLength % 4 !== 0) return false;
      const magic = new Uint32Array(buffer, 0, 1)[0];
      if (magic === STRIP_MAGIC) readStrip(buffer, strip);
      if (magic !== FEATURE_MAGIC || buffer.byteLength > words.bytes.length) return false;
      words.bytes.set(new Uint8Array(buffer));
      frame.arrivedMs = nowMs;
      readHeader(words, frame);
      readSections(words, frame, strip);
      answer();
      return true;
    },
    reset() {
      frame.arrivedMs = -Infinity;
      words.countsWord = -1;
      sinceAck = sinceReport = 0;
    },
  };
};
