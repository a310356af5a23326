/**
 * FlowCore's block counter as a thread of the engine process writes it beside its main thread.
 *
 * Second opinion about an engine that sends no heartbeat: while the counter moves, the player hears
 * his loops, and nothing is gained by killing.
 */
import { readFileSync } from 'node:fs';

export class BlockCount {
  readonly #path: string;
  #last: bigint | null = null;
  #movedMs = Number.NEGATIVE_INFINITY;

  constructor(path: string) {
    this.#path = path;
  }

  /** To be asked regularly: whether it moved within the last `withinMs`. */
  isMoving(nowMs: number, withinMs: number): boolean {
    const count = this.#read();
    if (count !== null && this.#last !== null && count !== this.#last) this.#movedMs = nowMs;
    this.#last = count;
    return nowMs - this.#movedMs <= withinMs;
  }

  #read(): bigint | null {
    try {
      const bytes = readFileSync(this.#path);
      return bytes.length >= 8 ? bytes.readBigUInt64LE(0) : null;
    } catch {
      // Not written yet.
      return null;
    }
  }
}
