/**
 * When each piece of the master is played: right behind the one before it, a little later than it came.
 *
 * How much later is learnt: it grows when a piece comes too late, up to half a second. What comes in a
 * heap after a silence of the network is left out as far as it would make everything late for ever.
 */
export interface Placed {
  /** On the clock of the sound card, in seconds. */
  readonly at: number;
  /** It does not go on where the one before it ended. */
  readonly isFresh: boolean;
}

const LEAD_SECONDS = 0.08;
const LEAD_SECONDS_MAX = 0.5;
const LEAD_GROWTH = 1.5;
/** A piece for which there is less time than that is late. */
const MARGIN_SECONDS = 0.004;
/** More than the lead by that much is a heap. */
const HEAP_SECONDS = 0.12;

export const makeSchedule = () => {
  let lead = LEAD_SECONDS;
  let next: number | undefined;
  let expected: number | undefined;
  let dropouts = 0;
  return {
    /** Null = it is left out. */
    place(first: number, frames: number, rateHz: number, now: number): Placed | null {
      const isLate = next !== undefined && next < now + MARGIN_SECONDS;
      if (isLate) {
        dropouts += 1;
        lead = Math.min(LEAD_SECONDS_MAX, lead * LEAD_GROWTH);
      }
      const isStart = next === undefined || isLate;
      const at = isStart ? now + lead : (next ?? now);
      if (at > now + lead + HEAP_SECONDS) return null;
      const isFresh = isStart || first !== expected;
      if (!isStart && isFresh) dropouts += 1;
      next = at + frames / rateHz;
      expected = first + frames;
      return { at, isFresh };
    },
    /** Times the sound broke off. */
    dropouts: () => dropouts,
    /** From the arrival of a piece to its sound, in seconds. */
    lead: () => lead,
  };
};
