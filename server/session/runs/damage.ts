/** Frames of one run in which the recorded sound was hurt: missed deadlines, gaps, clips. */
import { type SourceRange, SourceRanges } from './source-ranges.ts';
import type { StoredDamage } from '../store/stored.ts';

/** Of a source; null = of all. */
export type Hurt = SourceRange;

export class Damage extends SourceRanges {
  readonly #listedFrom: number;

  /** @param listedFrom Since this frame all that was damaged is in the list. */
  constructor(known: readonly Hurt[] = [], listedFrom = 0) {
    super(known);
    this.#listedFrom = listedFrom;
  }

  /** Whether these frames are damaged, and by nothing that is not in the list. */
  explains(source: number, fromFrame: number, toFrame: number): boolean {
    return fromFrame >= this.#listedFrom && this.touches(source, fromFrame, toFrame);
  }
}

/**
 * What the store knows of a run.
 *
 * @param nowFrame Where the run goes on, with a list from here at the latest; an ended one never does.
 */
export const knownDamage = (
  { hurts, listedFrom }: StoredDamage,
  nowFrame = Number.POSITIVE_INFINITY,
): Damage => new Damage(hurts, listedFrom ?? nowFrame);
