/**
 * The look-back strip of the last bars, kept from the buckets of the feature frames.
 *
 * Frames repeat the newest buckets under absolute numbers, so a lost frame leaves no hole. A client
 * that joins, or that was away for longer than one frame carries, gets all of it in one message.
 */
import {
  FEATURE_BUCKET_WORDS,
  FEATURE_HEADER,
  featureLayout,
  STRIP_HEADER_WORDS,
  STRIP_MAGIC,
  unpackCounts,
} from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';

const WORD_BYTES = 4;
const CAPACITY = LIMITS.stripBuckets;

const placeOf = (bucket: number): number => ((bucket % CAPACITY) + CAPACITY) % CAPACITY;

export class StripHistory {
  readonly #pairs = new Float32Array(CAPACITY * FEATURE_BUCKET_WORDS);
  #newest = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Number of the newest bucket; says something only when `count` is above 0. */
  get newest(): number {
    return this.#newest;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Takes the buckets of one frame; numbers that went back mean another timeline. */
  add(frame: DataView): void {
    const counts = unpackCounts(frame.getUint32(FEATURE_HEADER.counts * WORD_BYTES, true));
    if (counts.buckets === 0) return;
    const newest = frame.getInt32(FEATURE_HEADER.newestBucket * WORD_BYTES, true);
    const first = newest - counts.buckets + 1;
    if (this.#count > 0 && (newest < this.#newest || first > this.#newest + CAPACITY)) this.clear();
    this.#silence(first);
    const words = featureLayout(counts).buckets;
    for (let k = 0; k < counts.buckets; k += 1) {
      const from = (words + k * FEATURE_BUCKET_WORDS) * WORD_BYTES;
      const place = placeOf(first + k) * FEATURE_BUCKET_WORDS;
      this.#pairs[place] = frame.getFloat32(from, true);
      this.#pairs[place + 1] = frame.getFloat32(from + WORD_BYTES, true);
    }
    const oldest = this.#count === 0 ? first : Math.min(this.#newest - this.#count + 1, first);
    this.#newest = newest;
    this.#count = Math.min(CAPACITY, newest - oldest + 1);
  }

  /** What no frame told, between the newest known and `first`, is drawn as silence. */
  #silence(first: number): void {
    if (this.#count === 0) return;
    for (let bucket = this.#newest + 1; bucket < first; bucket += 1) {
      this.#pairs.fill(0, placeOf(bucket) * FEATURE_BUCKET_WORDS, (placeOf(bucket) + 1) * 2);
    }
  }

  /** The STRIP message of `features.ts`; null when nothing is known. */
  message(): Uint8Array | null {
    if (this.#count === 0) return null;
    const words = STRIP_HEADER_WORDS + this.#count * FEATURE_BUCKET_WORDS;
    const view = new DataView(new ArrayBuffer(words * WORD_BYTES));
    view.setUint32(0, STRIP_MAGIC, true);
    view.setInt32(WORD_BYTES, this.#newest, true);
    view.setUint32(2 * WORD_BYTES, this.#count, true);
    const oldest = this.#newest - this.#count + 1;
    for (let k = 0; k < this.#count; k += 1) {
      const place = placeOf(oldest + k) * FEATURE_BUCKET_WORDS;
      const to = (STRIP_HEADER_WORDS + k * FEATURE_BUCKET_WORDS) * WORD_BYTES;
      view.setFloat32(to, this.#pairs[place] ?? 0, true);
      view.setFloat32(to + WORD_BYTES, this.#pairs[place + 1] ?? 0, true);
    }
    return new Uint8Array(view.buffer);
  }
}
