/** When the line was last heard, and how long that may be ago. */
const SILENCE_MS_MAX = 3000;
/** While the engine restarts or stands still nobody answers pings, and the gateway alone holds the line. */
const NO_ENGINE_SILENCE_MS_MAX = 12_000;
const PROOF_MS_MAX = 1000;

export interface Heard {
  /** How long the line may be silent after it. */
  readonly silenceMsMax: number;
  readonly isWelcome: boolean;
}

export const USUAL: Heard = { silenceMsMax: SILENCE_MS_MAX, isWelcome: false };
export const WELCOMED: Heard = { ...USUAL, isWelcome: true };
export const NO_ENGINE: Heard = { ...USUAL, silenceMsMax: NO_ENGINE_SILENCE_MS_MAX };

export const makeSilence = (nowMs: () => number) => {
  let sinceMs = 0;
  let limitMs = SILENCE_MS_MAX;
  let isWelcome = false;
  return {
    opened() {
      sinceMs = nowMs();
      limitMs = SILENCE_MS_MAX;
      isWelcome = false;
    },
    /** Before the WELCOME nothing counts: a line that is only answered is not yet ours. */
    heard(what: Heard) {
      isWelcome ||= what.isWelcome;
      limitMs = what.silenceMsMax;
      if (isWelcome) sinceMs = nowMs();
    },
    isTooLong: () => nowMs() - sinceMs > limitMs,
    /** Asks, and calls back when nothing at all was heard within a second of it. */
    prove(ask: () => void, onSilent: () => void) {
      const askedMs = nowMs();
      ask();
      setTimeout(() => {
        if (sinceMs < askedMs) onSilent();
      }, PROOF_MS_MAX);
    },
  };
};
