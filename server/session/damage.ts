/** Frames of this run in which the recorded sound was hurt: missed deadlines and gaps. */
export class Damage {
  readonly #ranges: { readonly fromFrame: number; readonly toFrame: number }[] = [];

  add(fromFrame: number, toFrame: number): void {
    this.#ranges.push({ fromFrame, toFrame });
    // As many as anybody asks for again; the oldest go first.
    if (this.#ranges.length > 4096) this.#ranges.shift();
  }

  touches(fromFrame: number, toFrame: number): boolean {
    return this.#ranges.some((each) => each.fromFrame < toFrame && each.toFrame > fromFrame);
  }
}
