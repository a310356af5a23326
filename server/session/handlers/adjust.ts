/** ADJUST_LOOP: another length, an earlier or later window, or another place on the grid. */
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { playSteps, soundFor } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { movedBy } from '../riffs/grid-place.ts';
import { playPast } from '../takes/past-take.ts';
import { done, type Handler, type Outcome, refuse, steps } from '../commands/plan.ts';
import { LABELS, type RiffLoop } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { type Run, withRun } from '../runs/run-of.ts';
import { heardSource } from '../takes/take-places.ts';
import type { Take } from '../takes/takes.ts';
import { withSlot } from './slots.ts';

export const adjustLoop: Handler<'ADJUST_LOOP'> = {
  inLane: true,
  plan: (command, context) =>
    withSlot(context, command.slot, () => {
      const loop = context.loops[command.slot];
      const take = loop && context.takes.get(loop.takeId);
      if (!loop || !take) return refuse(ERRORS.ERR_SLOT_EMPTY.code);
      const { bars = loop.bars, rotateBeats = 0, shiftBeats = 0 } = command;
      const isSameWindow = bars === loop.bars && shiftBeats === 0;
      if (isSameWindow) {
        return rotateBeats === 0 ? done : rotate(context, command.slot, loop, rotateBeats);
      }
      return anotherWindow(context, command, loop, take);
    }),
};

/** The same take elsewhere on the grid. */
const rotate = (context: SessionContext, slot: number, loop: RiffLoop, beats: number): Outcome => {
  const moved = movedBy(loop, beats, context.takes.get(loop.takeId)?.framesPerBeat ?? 0);
  const sound = soundFor(context, moved);
  return {
    kind: 'load',
    takeIds: context.sounding.includes(sound) ? [] : [sound],
    next(failed) {
      if (failed.size > 0) return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
      return {
        ...steps(...playSteps(context, slot, moved, sound)),
        finish() {
          const label = LABELS.adjust(slot, { rotateBeats: beats });
          commitRiff(context, { cause: 'ADJUST', label, slot, bars: loop.bars });
        },
      };
    },
  };
};

/** Another length keeps the end; a shift moves the window and its place on the grid together. */
const anotherWindow = (
  context: SessionContext,
  command: CommandOf<'ADJUST_LOOP'>,
  loop: RiffLoop,
  take: Take,
): Outcome => {
  if (take.recipe) return refuse(ERRORS.ERR_TAKE_DERIVED.code);
  const { bars = loop.bars, rotateBeats = 0, shiftBeats = 0, slot } = command;
  const lengthBeats = Math.round((loop.lengthBeats / loop.bars) * bars);
  const { framesPerBeat } = take;
  const toFrame = take.toFrame + shiftBeats * framesPerBeat;
  const fromFrame = toFrame - lengthBeats * framesPerBeat;
  if (fromFrame < 0 || lengthBeats < 1 || lengthBeats > beatsMax(context)) {
    return refuse(ERRORS.ERR_RANGE_NOT_KEPT.code);
  }
  const placed = movedBy(
    { ...loop, bars, lengthBeats },
    loop.lengthBeats - lengthBeats + shiftBeats + rotateBeats,
    framesPerBeat,
  );
  const adjust = (run: Run | null): Outcome => {
    // The store was asked, and a recording may have landed meanwhile.
    if (context.loops[slot] !== loop) return refuse(ERRORS.ERR_SLOT_CHANGED.code);
    const adjusted: Take = {
      ...take,
      id: context.newId(),
      fromFrame,
      toFrame,
      bars,
      originBeat: placed.originBeat,
      lengthBeats,
      offsetFrames: placed.offsetFrames,
      ...marksOf(take, run, fromFrame, toFrame),
      recovered: false,
      createdMs: context.wallClock(),
    };
    const label = LABELS.adjust(slot, command);
    return playPast(context, {
      slot,
      take: adjusted,
      loop: { ...placed, takeId: adjusted.id },
      about: { cause: 'ADJUST', label, slot, bars },
    });
  };
  return withRun(context, take.runId, adjust);
};

/**
 * What is known of the run decides for the new window. A mark that nothing known explains stays, and so
 * does one that may have another cause than what is known: it was told by an engine that kept no list.
 */
const marksOf = (
  take: Take,
  run: Run | null,
  fromFrame: number,
  toFrame: number,
): Pick<Take, 'tainted' | 'acrossChange'> => {
  const { acrossChange, tainted } = take;
  if (!run) return { tainted, acrossChange };
  const { damage, epochs } = run;
  const source = heardSource(take);
  const isExplained = damage.explains(source, take.fromFrame, take.toFrame);
  const isAcrossKnown = epochs.isChangedIn(take.fromFrame, take.toFrame);
  return {
    tainted: damage.touches(source, fromFrame, toFrame) || (tainted && !isExplained),
    acrossChange: epochs.isChangedIn(fromFrame, toFrame) || (acrossChange && !isAcrossKnown),
  };
};

const beatsMax = (context: SessionContext): number =>
  LIMITS.loopBarsMax * context.state.transport.meter.beats;
