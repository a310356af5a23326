/**
 * The look-back as this page remembers it: lowest and highest sample of each 1/24 beat, by absolute
 * index, so that a skipped frame leaves no hole.
 */
export interface StripStore {
  put(index: number, min: number, max: number): void;
  /** Absolute index of the newest bucket and of the oldest still held; newest < oldest = empty. */
  newest(): number;
  oldest(): number;
  min(index: number): number;
  max(index: number): number;
  reset(): void;
}

/** 170 bars of 4 beats; a power of two. */
const CAPACITY = 16_384;
const MASK = CAPACITY - 1;

export const makeStripStore = (): StripStore => {
  const lows = new Float32Array(CAPACITY);
  const highs = new Float32Array(CAPACITY);
  let newest = -1;
  let oldest = 0;
  let isEmpty = true;

  const reset = () => {
    isEmpty = true;
    newest = -1;
    oldest = 0;
  };

  const begin = (index: number) => {
    isEmpty = false;
    oldest = index;
    newest = index - 1;
  };

  return {
    reset,
    put(index, min, max) {
      // A jump back or far ahead is another timeline.
      const isOther = index < newest - CAPACITY / 2 || index > newest + CAPACITY / 2;
      if (isEmpty || isOther) begin(index);
      while (newest < index) {
        newest++;
        lows[newest & MASK] = 0;
        highs[newest & MASK] = 0;
      }
      if (newest - oldest >= CAPACITY) oldest = newest - CAPACITY + 1;
      if (index < oldest) return;
      lows[index & MASK] = min;
      highs[index & MASK] = max;
    },
    newest: () => newest,
    oldest: () => oldest,
    min: (index) => (index < oldest || index > newest ? 0 : (lows[index & MASK] ?? 0)),
    max: (index) => (index < oldest || index > newest ? 0 : (highs[index & MASK] ?? 0)),
  };
};
