/**
 * One after the other: what changes the slots' content or the head waits until the one before it has
 * happened, so that every decision sees the state it was meant for, and UNDO undoes what was asked for
 * before it.
 */
export type LaneJob = (release: () => void) => void;

export class Lane {
  readonly #waiting: LaneJob[] = [];
  #isBusy = false;

  enter(job: LaneJob): void {
    this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    if (this.#isBusy) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#isBusy = true;
    let isReleased = false;
    job(() => {
      if (isReleased) return;
      isReleased = true;
      this.#isBusy = false;
      // A job that is done at once must not nest the next one in itself.
      queueMicrotask(() => this.#next());
    });
  }
}
