/**
 * The last seconds of a few figures, in memory that never grows.
 *
 * A second that nobody noted is a hole and stays one: nothing is drawn over it.
 */
export class MetricsRing<Name extends string> {
  readonly #names: readonly Name[];
  readonly #seconds: number;
  readonly #values: Float32Array;
  #firstSecond: number | null = null;
  #newestSecond = -1;

  constructor(names: readonly Name[], seconds: number) {
    this.#names = names;
    this.#seconds = seconds;
    this.#values = new Float32Array(names.length * seconds).fill(Number.NaN);
  }

  /** Bytes of it, from the first moment on. */
  get bytes(): number {
    return this.#values.byteLength;
  }

  /** @param second Counted from anywhere; one that is older than the newest is left out. */
  note(second: number, figures: Readonly<Partial<Record<Name, number>>>): void {
    this.#firstSecond ??= second;
    if (second < this.#newestSecond) return;
    const from = Math.max(this.#newestSecond + 1, second - this.#seconds + 1);
    for (let each = from; each <= second; each += 1) this.#clear(each);
    this.#newestSecond = second;
    for (const [index, name] of this.#names.entries()) {
      this.#values[this.#at(index, second)] = figures[name] ?? Number.NaN;
    }
  }

  /** Oldest first; as many as are asked for, or as there have been. */
  read(name: Name, seconds: number): (number | null)[] {
    const index = this.#names.indexOf(name);
    const first = this.#firstSecond;
    if (first === null || index < 0) return [];
    const count = Math.min(seconds, this.#seconds, this.#newestSecond - first + 1);
    return Array.from({ length: count }, (_, each) => {
      const value = this.#values[this.#at(index, this.#newestSecond - count + 1 + each)];
      return value === undefined || Number.isNaN(value) ? null : value;
    });
  }

  #at(index: number, second: number): number {
    return index * this.#seconds + (second % this.#seconds);
  }

  #clear(second: number): void {
    for (const index of this.#names.keys()) this.#values[this.#at(index, second)] = Number.NaN;
  }
}
