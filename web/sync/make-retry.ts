/** When a line that ended is tried again: at once, then ever more patiently, up to once a second. */
const RETRY_MS = [0, 250, 500, 500, 500, 500, 500, 500, 1000] as const;
const FRESH_MS_MAX = 1000;

export interface Retry {
  /** The line answered, or the player asked: the next try is at once again. */
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
    nextMs: () => RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)] ?? 0,
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
