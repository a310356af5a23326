/**
 * What a press would take, by the rule of the looper: the page shows the cut before the press.
 *
 * The engine decides; this is the same rule on the same grid, so that the picture does not lie.
 */
import { LIMITS } from '../../protocol/limits.ts';

export interface PressMoment {
  /** Grid beat of the press, with its fraction. */
  readonly beat: number;
  readonly barStartBeat: number;
  readonly beatsPerBar: number;
  readonly beatsPerMs: number;
  readonly bars: number;
  /** false: rolling, or paused: the window ends at the press. */
  readonly isQuantized: boolean;
  /** Oldest beat that was heard; −Infinity when unknown. */
  readonly oldestBeat: number;
}

export interface CaptureWindow {
  fromBeat: number;
  /** Exclusive; ahead of the press when it falls into the early window. */
  toBeat: number;
  /** Whole bars taken; fewer than asked for when less was heard; 0 = nothing to take. */
  bars: number;
}

/** Of the oldest beat, which comes out of Float32 figures: a share of a bar. */
const ROUNDING = 0.02;

/** Beats before a bar line in which a press means the coming line. */
export const earlyBeats = (beatsPerBar: number, beatsPerMs: number): number =>
  Math.min(beatsPerBar * LIMITS.earlyWindowBarFraction, LIMITS.earlyWindowMsMax * beatsPerMs);

/** Writes the window into `out` (no allocation: it is asked for at every paint). */
export const captureWindow = (press: PressMoment, out: CaptureWindow): CaptureWindow => {
  const { beat, beatsPerBar, bars } = press;
  let end = beat;
  if (press.isQuantized) {
    const barsIn = Math.floor((beat - press.barStartBeat) / beatsPerBar);
    end = press.barStartBeat + barsIn * beatsPerBar;
    const next = end + beatsPerBar;
    if (next - beat <= earlyBeats(beatsPerBar, press.beatsPerMs)) end = next;
  }
  const heard = Math.floor((end - press.oldestBeat) / beatsPerBar + ROUNDING);
  out.bars = Math.max(0, Math.min(bars, heard));
  out.toBeat = end;
  out.fromBeat = end - out.bars * beatsPerBar;
  return out;
};

/** Index of the slot an `auto` press goes into, or −1 when all are full. */
export const autoTarget = (
  slots: readonly { readonly takeId: string | null; readonly state: string }[],
) => slots.findIndex((slot) => slot.takeId === null && slot.state === 'EMPTY');
