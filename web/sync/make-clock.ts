/**
 * The engine's clock, estimated from answered pings.
 *
 * Keeps the offset of the quickest of the last eight round trips; follows it by at most 5 % of the
 * time that passes, and jumps only when it is off by more than 30 ms.
 */
export interface ServerClock {
  /** An answered ping: sent and received in local ms, answered in server ms. */
  addPong(sentMs: number, serverMs: number, receivedMs: number): void;
  /** A new engine has a new clock: forget every sample. */
  reset(): void;
  isSynced(): boolean;
  /** Server time of a local moment; undefined before the first answer. */
  toServer(localMs: number): number | undefined;
  /** Round trip of the quickest recent ping, ms. */
  roundTripMs(): number | undefined;
}

const SAMPLES_MAX = 8;
const STEP_MS = 30;
const SLEW = 0.05;

interface Sample {
  readonly roundTripMs: number;
  readonly offsetMs: number;
}

export const makeClock = (): ServerClock => {
  let samples: Sample[] = [];
  let offsetMs = 0;
  let slewedAtMs = 0;

  const best = (): Sample | undefined =>
    samples.reduce<Sample | undefined>(
      (least, sample) => (least && least.roundTripMs <= sample.roundTripMs ? least : sample),
      undefined,
    );

  const follow = (localMs: number) => {
    const target = best()?.offsetMs;
    if (target === undefined) return;
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
      const roundTripMs = receivedMs - sentMs;
      const sample = { roundTripMs, offsetMs: serverMs + roundTripMs / 2 - receivedMs };
      if (samples.length === 0) {
        offsetMs = sample.offsetMs;
        slewedAtMs = receivedMs;
      }
      samples = [...samples.slice(1 - SAMPLES_MAX), sample];
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
    roundTripMs: () => best()?.roundTripMs,
  };
};
