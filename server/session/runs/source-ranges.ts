/** Frames of a run, by source: few ranges in order, however many are put in. */
import { LIMITS } from '../../../protocol/limits.ts';

interface Range {
  readonly fromFrame: number;
  readonly toFrame: number;
}

export interface SourceRange extends Range {
  /** Null = of all. */
  readonly source: number | null;
}

/** As many of a source; of more the two oldest become one: what was put in is always touched. */
export const RANGES_KEPT = 16_384;

/**
 * Those of a source that lie no further apart are one: no window, which is a beat at least, has room
 * between them.
 */
export const JOIN_FRAMES = Math.floor((60 * LIMITS.rateHzMin) / LIMITS.bpmMax) - 1;

/** The first of these that ends at this frame or later; their count when none does. */
const firstReaching = (ranges: readonly Range[], frame: number): number => {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.toFrame ?? frame) < frame) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const unionOf = (ranges: readonly Range[]): Range => ({
  fromFrame: Math.min(...ranges.map(({ fromFrame }) => fromFrame)),
  toFrame: Math.max(...ranges.map(({ toFrame }) => toFrame)),
});

export class SourceRanges {
  readonly #ranges = new Map<number | null, Range[]>();

  constructor(known: readonly SourceRange[] = []) {
    for (const each of known) this.add(each);
  }

  get count(): number {
    return [...this.#ranges.values()].reduce((sum, { length }) => sum + length, 0);
  }

  add({ fromFrame, source, toFrame }: SourceRange): void {
    const ranges = this.#ranges.get(source) ?? [];
    this.#ranges.set(source, ranges);
    const from = firstReaching(ranges, fromFrame - JOIN_FRAMES);
    const isNear = (each: Range | undefined) =>
      each !== undefined && each.fromFrame <= toFrame + JOIN_FRAMES;
    let end = from;
    while (isNear(ranges[end])) end += 1;
    const joined = unionOf([{ fromFrame, toFrame }, ...ranges.slice(from, end)]);
    ranges.splice(from, end - from, joined);
    if (ranges.length > RANGES_KEPT) ranges.splice(0, 2, unionOf(ranges.slice(0, 2)));
  }

  /** Whether all these frames were put in, as far as a window can tell. */
  holds({ fromFrame, source, toFrame }: SourceRange): boolean {
    const ranges = this.#ranges.get(source) ?? [];
    const found = ranges[firstReaching(ranges, toFrame)];
    return found !== undefined && found.fromFrame <= fromFrame;
  }

  touches(source: number, fromFrame: number, toFrame: number): boolean {
    return [source, null].some((each) => {
      const ranges = this.#ranges.get(each) ?? [];
      const found = ranges[firstReaching(ranges, fromFrame + 1)];
      return found !== undefined && found.fromFrame < toFrame;
    });
  }
}
