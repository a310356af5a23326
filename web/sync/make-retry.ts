/**
 * When a line that ended is tried again: at once, after 0.25 s, then twice as late each time, up to every
 * two seconds; each a little earlier or later, for those who lost their lines together.
 */
const SECOND_MS = 250;
const RETRY_MS_MAX = 2000;
/** A younger line has not shown that it lives, and a younger try is left alone. */
const FRESH_MS_MAX = 1000;

export interface Retry {
  /** The line lives, or the player asked: the next try is at once again. */
  reset(): void;
  /** How long to wait this time. */
  nextMs(): number;
  plan(afterMs: number): void;
  cancel(): void;
  /** A try begins now, instead of the one that was planned. */
  begin(): void;
  /** The last try began just now and is left alone; an older one may hang for ever. */
  isFresh(): boolean;
}

export const makeRetry = (nowMs: () => number, connect: () => void): Retry => {
  let tries = 0;
  let triedMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => clearTimeout(timer);
  return {
    cancel,
    reset() {
      tries = 0;
    },
    nextMs() {
      const ms = tries && Math.min((SECOND_MS / 2) * 2 ** tries, RETRY_MS_MAX);
      tries++;
      const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
      return ms * (0.8 + (0.4 * byte) / 255);
    },
    plan(afterMs) {
      cancel();
      timer = setTimeout(connect, afterMs);
    },
    begin() {
      cancel();
      triedMs = nowMs();
    },
    isFresh: () => nowMs() - triedMs < FRESH_MS_MAX,
  };
};
