/**
 * The engine's clock, estimated from answered pings.
 *
 * Of the last 24 pings the quickest way there and the quickest way back count, each for itself: seldom
 * are both quick in the same one. The offset is followed by at most 5 % of the time that passes, and jumps
 * only when it is off by more than 30 ms.
 */
export interface ServerClock {
  /** An answered ping: sent and received in local ms, answered in server ms. */
  addPong(sentMs: number, serverMs: number, receivedMs: number): void;
  /** A new engine has a new clock: forget every sample. */
  reset(): void;
  isSynced(): boolean;
  /** Server time of a local moment; undefined before the first answer. */
  toServer(localMs: number): number | undefined;
  /** Quickest way there and quickest way back of the recent pings, ms. */
  roundTripMs(): number | undefined;
}

const SAMPLES_MAX = 24;
const STEP_MS = 30;
const SLEW = 0.05;

/** Ways with the unknown offset in them: what is added to one is taken from the other. */
interface Ways {
  readonly thereMs: number;
  readonly backMs: number;
}

export const makeClock = (): ServerClock => {
  let samples: Ways[] = [];
  let offsetMs = 0;
  let slewedAtMs = 0;

  const quickest = (): Ways => ({
    thereMs: Math.min(...samples.map(({ thereMs }) => thereMs)),
    backMs: Math.min(...samples.map(({ backMs }) => backMs)),
  });
  const offset = ({ thereMs, backMs }: Ways) => (thereMs - backMs) / 2;

  const follow = (localMs: number) => {
    const target = offset(quickest());
    const error = target - offsetMs;
    if (Math.abs(error) > STEP_MS) offsetMs = target;
    else {
      const reach = Math.max(0, localMs - slewedAtMs) * SLEW;
      offsetMs += Math.max(-reach, Math.min(reach, error));
    }
    slewedAtMs = Math.max(slewedAtMs, localMs);
  };

  return {
    addPong(sentMs, serverMs, receivedMs) {
      const sample = { thereMs: serverMs - sentMs, backMs: receivedMs - serverMs };
      if (samples.length === 0) {
        offsetMs = offset(sample);
        slewedAtMs = receivedMs;
      }
      samples = [...samples.slice(1 - SAMPLES_MAX), sample];
      const { backMs, thereMs } = quickest();
      // No way takes less than no time: a clock was set, and what is older is of the one before.
      if (thereMs + backMs < 0) samples = [sample];
    },
    reset() {
      samples = [];
    },
    isSynced: () => samples.length > 0,
    toServer(localMs) {
      if (samples.length === 0) return undefined;
      follow(localMs);
      return localMs + offsetMs;
    },
    roundTripMs() {
      const { backMs, thereMs } = quickest();
      return samples.length === 0 ? undefined : thereMs + backMs;
    },
  };
};
