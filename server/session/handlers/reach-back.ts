/** REACH_BACK: any bars that were played in this run become a slot's loop. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import type { PastBar } from '../grid-epochs.ts';
import { lateFrames } from '../latency.ts';
import { asBefore, playPast } from '../past-take.ts';
import { type Handler, refuse } from '../plan.ts';
import { LABELS } from '../riff.ts';
import { loopOf, type Take } from '../takes.ts';
import { withSlot } from './slots.ts';

export const reachBack: Handler<'REACH_BACK'> = {
  inLane: true,
  plan: ({ bars, fromBar, slot, source = 0 }, context) =>
    withSlot(context, slot, () => {
      if (!context.state.sources[source]) return refuse(ERRORS.ERR_NO_SUCH_SOURCE.code);
      const bar = context.epochs.bar(fromBar);
      if (!bar) return refuse(ERRORS.ERR_RANGE_NOT_KEPT.code);
      const take = takeOfBars(context, bar, bars, source);
      const label = LABELS.reachBack(slot, fromBar, bars);
      return playPast(context, {
        slot,
        take,
        loop: asBefore(loopOf(take), context.loops[slot] ?? null),
        about: { cause: 'REACH_BACK', label, slot, bars },
      });
    }),
};

/** From the bar's first frame on at the tempo that held there, whatever came after it. */
const takeOfBars = (context: SessionContext, bar: PastBar, bars: number, source: number): Take => {
  const { beatsPerBar, framesPerBeat } = bar;
  const late = lateFrames(context, source);
  const lengthBeats = bars * beatsPerBar;
  const fromFrame = bar.frame + late;
  const toFrame = fromFrame + lengthBeats * framesPerBeat;
  const played = (60 * context.rateHz) / framesPerBeat;
  const { bpm, bpmEffective } = context.state.transport;
  return {
    id: context.newId(),
    runId: context.runId,
    source,
    fromFrame,
    toFrame,
    rateHz: context.rateHz,
    framesPerBeat,
    bpm: Math.abs(played - bpmEffective) < 1e-6 ? bpm : played,
    bars,
    originBeat: onBarLine(context, bar.beat),
    lengthBeats,
    offsetFrames: 0,
    pressFrame: context.grid().frame,
    tainted: context.damage.touches(fromFrame, toFrame),
    acrossChange: context.epochs.isChangedIn(bar.frame, bar.frame + (toFrame - fromFrame)),
    recovered: false,
    loose: false,
    createdMs: context.wallClock(),
  };
};

/** Bar lines that were moved since: the loop begins on one of those that hold now. */
const onBarLine = (context: SessionContext, beat: number): number => {
  const now = context.epochs.newest;
  if (!now) return beat;
  return now.lineBeat + Math.floor((beat - now.lineBeat) / now.beatsPerBar) * now.beatsPerBar;
};
