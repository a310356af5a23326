/**
 * Whether a child is alive, by its beats alone; time is given.
 *
 * After the launcher's own timer was late (the computer slept, or the launcher was stopped), everybody
 * gets two seconds before silence counts again.
 */
import { LIMITS } from '../../protocol/limits.ts';

/** A check this late means that it was not the child that stood still. */
const LATE_MS = 1000;

export class Heartbeat {
  #lastBeatMs: number;
  #lastCheckMs: number;
  #forgivenUntilMs: number;

  /** @param startMs How long the first beat may take. */
  constructor(nowMs: number, startMs: number) {
    this.#lastBeatMs = nowMs;
    this.#lastCheckMs = nowMs;
    this.#forgivenUntilMs = nowMs + startMs;
  }

  beat(nowMs: number): void {
    // The first beat ends the time given for starting.
    if (this.#forgivenUntilMs > nowMs + LIMITS.wakeGraceMs) this.#forgivenUntilMs = nowMs;
    this.#lastBeatMs = nowMs;
  }

  /** For how long it has been silent; 0 while that is forgiven. To be asked regularly. */
  silentMs(nowMs: number): number {
    if (nowMs - this.#lastCheckMs > LATE_MS) {
      this.#forgivenUntilMs = Math.max(this.#forgivenUntilMs, nowMs + LIMITS.wakeGraceMs);
    }
    this.#lastCheckMs = nowMs;
    return nowMs < this.#forgivenUntilMs ? 0 : nowMs - this.#lastBeatMs;
  }
}
