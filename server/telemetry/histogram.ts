/** How often something took how long, in seconds, as Prometheus counts it. */
import type { HistogramFigures } from '../../protocol/link.ts';

/** From an idle flash disk to one that hangs. */
const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10, 30] as const;

export class Histogram {
  readonly #bounds: readonly number[];
  /** The last one is what is above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[] = BOUNDS_SECONDS) {
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
