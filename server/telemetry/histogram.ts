/** How often something took how long, in seconds, as Prometheus counts it. */
import { LIMITS } from '../../protocol/limits.ts';
import type { HistogramFigures } from '../../protocol/link.ts';

export class Histogram {
  readonly #bounds: readonly number[];
  /** The last one is what is above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[] = LIMITS.diskBoundsSeconds) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(seconds: number): void {
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    const at = found < 0 ? this.#bounds.length : found;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  get figures(): HistogramFigures {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum };
  }
}
