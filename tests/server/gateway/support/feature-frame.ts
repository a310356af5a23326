/** A feature frame as FlowCore composes it, with 24 buckets whose values tell their number. */
import {
  FEATURE_HEADER,
  FEATURE_MAGIC,
  featureLayout,
  packCounts,
} from '../../../../protocol/features.ts';

const WORD_BYTES = 4;
const COUNTS = { slots: 8, bands: 32, buckets: 24 };

export interface FrameOptions {
  readonly seq: number;
  readonly newestBucket?: number;
  readonly barPhase?: number;
  readonly serverTimeMs?: number;
  readonly buckets?: number;
}

/** The minimum and maximum of bucket `n`: any two numbers that belong to no other. */
export const bucketValues = (n: number): [number, number] => [-n - 0.5, n + 0.5];

export const makeFrame = (options: FrameOptions): Uint8Array => {
  const counts = { ...COUNTS, buckets: options.buckets ?? COUNTS.buckets };
  const layout = featureLayout(counts);
  const view = new DataView(new ArrayBuffer(layout.end * WORD_BYTES));
  const put = (field: keyof typeof FEATURE_HEADER, value: number) =>
    view.setUint32(FEATURE_HEADER[field] * WORD_BYTES, value, true);
  const newest = options.newestBucket ?? 100;
  put('magic', FEATURE_MAGIC);
  put('seq', options.seq);
  put('counts', packCounts(counts));
  put('serverTimeMs', options.serverTimeMs ?? 0);
  view.setInt32(FEATURE_HEADER.newestBucket * WORD_BYTES, newest, true);
  view.setFloat32(FEATURE_HEADER.barPhase * WORD_BYTES, options.barPhase ?? 0, true);
  for (let k = 0; k < counts.buckets; k += 1) {
    const [low, high] = bucketValues(newest - counts.buckets + 1 + k);
    view.setFloat32((layout.buckets + 2 * k) * WORD_BYTES, low, true);
    view.setFloat32((layout.buckets + 2 * k + 1) * WORD_BYTES, high, true);
  }
  return new Uint8Array(view.buffer);
};

export const seqOf = (frame: Uint8Array): number =>
  new DataView(frame.buffer, frame.byteOffset).getUint32(FEATURE_HEADER.seq * WORD_BYTES, true);

export const magicOf = (message: Uint8Array): number =>
  new DataView(message.buffer, message.byteOffset).getUint32(0, true);
