/** REACH_BACK: any bars that were played, in this run or an earlier one, become a slot's loop. */
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import type { PastBar } from '../runs/grid-epochs.ts';
import { lateFrames } from '../time/latency.ts';
import { asBefore, playPast } from '../takes/past-take.ts';
import { type Handler, type Outcome, refuse } from '../commands/plan.ts';
import { LABELS } from '../riffs/riff.ts';
import { type Run, withRun } from '../runs/run-of.ts';
import { loopOf, type Take } from '../takes/takes.ts';
import { withSlot } from './slots.ts';

type ReachBack = CommandOf<'REACH_BACK'>;

const { code: NOT_KEPT } = ERRORS.ERR_RANGE_NOT_KEPT;

export const reachBack: Handler<'REACH_BACK'> = {
  inLane: true,
  plan: (command, context) =>
    withSlot(context, command.slot, () => {
      const { runId = context.runId, source = 0 } = command;
      // How many sources an earlier run had only its files tell.
      const isKnown = runId !== context.runId || context.state.sources[source] !== undefined;
      if (!isKnown) return refuse(ERRORS.ERR_NO_SUCH_SOURCE.code);
      return withRun(context, runId, (run) =>
        run ? inRun(context, command, run) : refuse(NOT_KEPT),
      );
    }),
};

const inRun = (context: SessionContext, command: ReachBack, run: Run): Outcome => {
  const { bars, fromBar, slot, source = 0 } = command;
  const bar = run.epochs.bar(fromBar);
  if (!bar) return refuse(NOT_KEPT);
  const take = takeOfBars(context, run, bar, bars, source);
  const label = LABELS.reachBack(slot, fromBar, bars);
  return playPast(context, {
    slot,
    take,
    loop: asBefore(loopOf(take), context.loops[slot] ?? null),
    about: { cause: 'REACH_BACK', label, slot, bars },
  });
};

/**
 * From the bar's first frame on at the tempo that held there, whatever came after it. An earlier run
 * is taken to have heard as late as this one.
 */
const takeOfBars = (
  context: SessionContext,
  { damage, epochs, rateHz, runId }: Run,
  bar: PastBar,
  bars: number,
  source: number,
): Take => {
  const { beatsPerBar, framesPerBeat } = bar;
  const late = Math.round((lateFrames(context, source) * rateHz) / context.rateHz);
  const lengthBeats = bars * beatsPerBar;
  const fromFrame = bar.frame + late;
  const toFrame = fromFrame + lengthBeats * framesPerBeat;
  const played = (60 * rateHz) / framesPerBeat;
  const { bpm, bpmEffective } = context.state.transport;
  return {
    id: context.newId(),
    runId,
    source,
    fromFrame,
    toFrame,
    rateHz,
    framesPerBeat,
    bpm: Math.abs(played - bpmEffective) < 1e-6 ? bpm : played,
    bars,
    originBeat: onBarLine(context, bar.beat),
    lengthBeats,
    offsetFrames: 0,
    pressFrame: context.grid().frame,
    tainted: damage.touches(source, fromFrame, toFrame),
    acrossChange: epochs.isChangedIn(bar.frame, bar.frame + (toFrame - fromFrame)),
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
