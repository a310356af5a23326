/** Waits until a bundle was left alone for a while: one that is still being copied is not looked at. */
import { LIMITS } from '../../protocol/limits.ts';
import type { Found } from './survey.ts';

export class Settle {
  readonly #seen = new Map<string, { print: string; sinceMs: number }>();

  /**
   * How long it has still to rest, ms; 0 = it may be looked at.
   *
   * @param nowMs Of the clock that files are stamped with.
   */
  restMs({ changedMs, path, print }: Found, nowMs: number): number {
    const seen = this.#seen.get(path);
    // What lay there untouched before it was first seen has rested already.
    const sinceMs = seen
      ? seen.print === print
        ? seen.sinceMs
        : nowMs
      : Math.min(nowMs, changedMs);
    this.#seen.set(path, { print, sinceMs });
    return Math.max(0, sinceMs + LIMITS.pluginSettleMs - nowMs);
  }

  forget(path: string): void {
    this.#seen.delete(path);
  }
}
