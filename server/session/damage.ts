/** Frames of one run in which the recorded sound was hurt: missed deadlines, gaps, clips. */

export interface Hurt {
  /** Of which source; null = of all. */
  readonly source: number | null;
  readonly fromFrame: number;
  readonly toFrame: number;
}

/** As many as anybody asks for again; the oldest go first. */
export const HURTS_KEPT = 16_384;

export class Damage {
  readonly #ranges: Hurt[];

  constructor(known: readonly Hurt[] = []) {
    this.#ranges = known.slice(-HURTS_KEPT);
  }

  add(hurt: Hurt): void {
    this.#ranges.push(hurt);
    if (this.#ranges.length > HURTS_KEPT) this.#ranges.shift();
  }

  touches(source: number, fromFrame: number, toFrame: number): boolean {
    return this.#ranges.some(
      (each) =>
        (each.source === null || each.source === source) &&
        each.fromFrame < toFrame &&
        each.toFrame > fromFrame,
    );
  }
}
