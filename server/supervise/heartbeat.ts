/**
 * Whether a child is alive, by its beats alone; time is given.
 *
 * Silence is counted in time in which the launcher itself ran: while it stood still nobody heard the beats
 * that came. After it was late by much (the computer slept) everybody gets two seconds before silence
 * counts again.
 */
import { LIMITS } from '../../protocol/limits.ts';

/** A check this late means that it was not the child that stood still. */
const LATE_MS = 1000;
/** So much of the time between two checks counts. */
const COUNTED_MS_MAX = 2 * LIMITS.heartbeatMs;

export class Heartbeat {
  /** Counted up to the last check. */
  #silentMs = 0;
  #lastCheckMs: number;
  /** Of the last check, or of a beat since. */
  #countedMs: number;
  #forgivenUntilMs: number;

  /** @param startMs How long the first beat may take. */
  constructor(nowMs: number, startMs: number) {
    this.#lastCheckMs = nowMs;
    this.#countedMs = nowMs;
    this.#forgivenUntilMs = nowMs + startMs;
  }

  beat(nowMs: number): void {
    // The first beat ends the time given for starting.
    if (this.#forgivenUntilMs > nowMs + LIMITS.wakeGraceMs) this.#forgivenUntilMs = nowMs;
    this.#silentMs = 0;
    this.#countedMs = nowMs;
  }

  /** For how long it has been silent; 0 while that is forgiven. To be asked regularly. */
  silentMs(nowMs: number): number {
    if (nowMs - this.#lastCheckMs > LATE_MS) {
      this.#forgivenUntilMs = Math.max(this.#forgivenUntilMs, nowMs + LIMITS.wakeGraceMs);
    }
    this.#lastCheckMs = nowMs;
    this.#silentMs += Math.min(nowMs - this.#countedMs, COUNTED_MS_MAX);
    this.#countedMs = nowMs;
    return nowMs < this.#forgivenUntilMs ? 0 : this.#silentMs;
  }
}
