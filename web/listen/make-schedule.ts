/**
 * When each piece of the master is played: right behind the one before it, a little later than it came.
 *
 * How much later is learnt: it grows when a piece comes too late, up to half a second. After a calm minute
 * what was never needed of it is given back, by playing a little faster than anybody hears. What comes in
 * a heap after a silence of the network is left out as far as it would make everything late for ever.
 */
export interface Placed {
  /** On the clock of the sound card, in seconds. */
  readonly at: number;
  /** It does not go on where the one before it ended. */
  readonly isFresh: boolean;
  /** 1, or a little more while the delay shrinks. */
  readonly speed: number;
}

const LEAD_SECONDS = 0.08;
const LEAD_SECONDS_MAX = 0.5;
const LEAD_GROWTH = 1.5;
/** A piece for which there is less time than that is late. */
const MARGIN_SECONDS = 0.004;
/** More than the lead by that much is a heap. */
const HEAP_SECONDS = 0.12;
const CALM_SECONDS = 60;
/** So much more than was needed in a calm minute is kept. */
const SPARE_SECONDS = 0.04;
/** Of each piece in the delay that is told. */
const DELAY_SHARE = 0.01;
/** A thirtieth of a semitone. */
const FASTER = 1.002;

export const makeSchedule = () => {
  let lead = LEAD_SECONDS;
  let next: number | undefined;
  let expected: number | undefined;
  let dropouts = 0;
  let brokenAt = 0;
  /** Since when nothing broke off and nothing was given back, and what was never needed since. */
  let calmSince = 0;
  let spare = Infinity;
  let surplus = 0;
  let delay = LEAD_SECONDS;

  const breakOff = (now: number) => {
    dropouts += 1;
    brokenAt = now;
  };
  const beginCalm = (now: number) => {
    calmSince = now;
    spare = Infinity;
  };
  const learn = (now: number, ahead: number) => {
    spare = Math.min(spare, ahead);
    if (now - calmSince < CALM_SECONDS) return;
    surplus = Math.max(0, Math.min(spare - SPARE_SECONDS, delay - LEAD_SECONDS));
    beginCalm(now);
  };
  return {
    /** Null = it is left out. */
    place(first: number, frames: number, rateHz: number, now: number): Placed | null {
      const isLate = next !== undefined && next < now + MARGIN_SECONDS;
      if (isLate) {
        breakOff(now);
        lead = Math.min(LEAD_SECONDS_MAX, lead * LEAD_GROWTH);
      }
      const isStart = next === undefined || isLate;
      const at = isStart ? now + lead : (next ?? now);
      if (at > now + lead + HEAP_SECONDS) return null;
      const isFresh = isStart || first !== expected;
      if (!isStart && isFresh) breakOff(now);
      if (isStart) {
        beginCalm(now);
        surplus = 0;
        delay = lead;
      } else learn(now, at - now);
      const speed = surplus > 0 ? FASTER : 1;
      const seconds = frames / rateHz / speed;
      const saved = frames / rateHz - seconds;
      surplus -= saved;
      lead = Math.max(LEAD_SECONDS, lead - saved);
      delay += (at - now - delay) * DELAY_SHARE;
      next = at + seconds;
      expected = first + frames;
      return { at, isFresh, speed };
    },
    /** Times the sound broke off. */
    dropouts: () => dropouts,
    /** Seconds since it last did. */
    calmSeconds: (now: number) => now - brokenAt,
    /** From the arrival of a piece to its sound, in seconds: of the next that begins anew, and of late. */
    lead: () => lead,
    delay: () => delay,
  };
};
