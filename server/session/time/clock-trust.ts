/**
 * Whether the wall clock may decide that something is old enough to go for good.
 *
 * A clock that was set wrong makes everything old at once. It is believed when it has gone as the
 * monotonic one for a day: not right after a start, and not after a jump.
 */

const TRUSTED_AFTER_MS = 86_400_000;
/** It is corrected by so much between two looks without being doubted. */
const JUMP_MS = 300_000;

export class ClockTrust {
  #last: { readonly wallMs: number; readonly nowMs: number } | null = null;
  #sinceMs = 0;

  /** @param nowMs Monotonic, and standing still in sleep or not. */
  look(wallMs: number, nowMs: number): boolean {
    const last = this.#last ?? { wallMs, nowMs };
    const jumpMs = wallMs - last.wallMs - (nowMs - last.nowMs);
    if (this.#last === null || Math.abs(jumpMs) > JUMP_MS) this.#sinceMs = nowMs;
    this.#last = { wallMs, nowMs };
    return nowMs - this.#sinceMs >= TRUSTED_AFTER_MS;
  }
}
