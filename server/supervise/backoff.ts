/**
 * How long a child that died waits for its next life: not at all, then longer with each life that was
 * short, until one has shown that it can live.
 */

/** What lives so long after `ready` does not die of its start. */
const HEALTHY_MS = 5000;

export class Backoff {
  readonly #waitsMs: readonly number[];
  readonly #healthyMs: number;
  /** In a row, the last one included. */
  #deaths = 0;

  constructor(waitsMs: readonly number[], healthyMs: number = HEALTHY_MS) {
    this.#waitsMs = waitsMs;
    this.#healthyMs = healthyMs;
  }

  /** @param livedMs Since it was ready; 0 = it never was. */
  nextMs(livedMs: number): number {
    if (livedMs >= this.#healthyMs) this.#deaths = 0;
    this.#deaths += 1;
    return this.#waitsMs[Math.min(this.#deaths, this.#waitsMs.length) - 1] ?? 0;
  }
}
