/**
 * TRIGGER_SLOT auto while every slot is full: the two oldest loops become one, and the slot that is
 * free by that takes the capture.
 *
 * The press means the bars before the hand moved, however long the merge takes to be made: the core
 * notes it when it comes. Where its window ends on a line that is still to come, all of it waits for that
 * line, so that two loops become one and the new one begins at the same frame.
 */
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { loopStep } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { mergedLoop } from '../takes/derive.ts';
import { framesOf, lateFrames } from '../time/latency.ts';
import {
  MAKING_MS_MAX,
  type Outcome,
  refuse,
  type Step,
  type Steps,
  steps,
} from '../commands/plan.ts';
import { LABELS, type RiffLoop } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { captureStep, notePress, playTake } from './capture.ts';
import { emptyStep } from './clear.ts';
import { keepingMix } from './history.ts';
import { gainStep, panStep } from './mixer.ts';

export interface Room {
  /** Gets what both play. */
  readonly to: number;
  readonly freed: number;
  readonly loop: RiffLoop;
}

/** The oldest two that fit, neither muted, at their own speed nor through plug-ins, and alike in being soloed. */
export const findRoom = (context: SessionContext): Room | null => {
  const { loops, state, takes } = context;
  const open = state.slots.flatMap((slot, index) => {
    const loop = loops[index];
    // What plug-ins make of a loop is not printed.
    const isPlain = slot.pluginChain.length === 0 && loop?.mode !== 'free';
    const isOpen = loop && isPlain && !slot.muted && slot.pending === null;
    return isOpen ? [{ index, takeId: loop.takeId, soloed: slot.soloed }] : [];
  });
  open.sort((a, b) => (takes.isOlder(a.takeId, b.takeId) ? -1 : 1));
  for (const [place, older] of open.entries()) {
    for (const newer of open.slice(place + 1)) {
      if (newer.soloed !== older.soloed) continue;
      const loop = mergedLoop(context, [older.index, newer.index]);
      if (loop) return { to: older.index, freed: newer.index, loop };
    }
  }
  return null;
};

export const makeRoom = (command: CommandOf<'TRIGGER_SLOT'>, context: SessionContext): Outcome => {
  const room = findRoom(context);
  if (!room) return refuse(ERRORS.ERR_NO_EMPTY_SLOT.code);
  notePress(command, context);
  return {
    kind: 'load',
    takeIds: [room.loop.takeId],
    msMax: MAKING_MS_MAX,
    next(failed) {
      if (failed.size > 0) return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
      return mergeAndCapture(command, context, room);
    },
  };
};

/** Two loops become one; the first of these keeps a mix that no riff holds. */
export const roomSteps = (context: SessionContext, { freed, loop, to }: Room): Step[] => [
  keepingMix(context, gainStep(context, to, 1)),
  panStep(context, to, 0),
  loopStep(context, to, loop),
  emptyStep(context, freed),
];

const mergeAndCapture = (
  command: CommandOf<'TRIGGER_SLOT'>,
  context: SessionContext,
  room: Room,
): Steps => {
  const { freed, loop, to } = room;
  let isMergeTold = false;
  /** The merge alone is a step when the capture comes later, or not at all. */
  const tellMerge = () => {
    if (isMergeTold || context.loops[to]?.takeId !== loop.takeId) return;
    isMergeTold = true;
    const label = LABELS.merge([to, freed].toSorted(), to);
    commitRiff(context, { cause: 'MERGE', label, slot: to, bars: loop.bars });
  };
  const capture = captureStep(command, context, freed, {
    recording: tellMerge,
    play(take) {
      isMergeTold = true;
      playTake(context, freed, take);
      const label = LABELS.capture(freed, take.bars);
      commitRiff(context, { cause: 'CAPTURE', label, slot: freed, bars: take.bars });
    },
  });
  const atFrame = lineAhead(command, context);
  return {
    ...steps(...roomSteps(context, room), capture),
    ...(atFrame !== null && { atFrame, isQuiet: true }),
    torn: tellMerge,
  };
};

/** A little more than the core's own early window, whose edge is not known here to the frame. */
const EDGE_MS = 10;

/** When all that this press captures has been heard, if that is still to come. */
const lineAhead = (command: CommandOf<'TRIGGER_SLOT'>, context: SessionContext): number | null => {
  if (!command.quantized || !context.state.transport.isPlaying) return null;
  const { barBeat, beat, beatFrac, frame, framesPerBeat } = context.grid();
  const { beats } = context.state.transport.meter;
  const { outputLatencyMs } = context.state.devices;
  const barFrames = beats * framesPerBeat;
  const press = context.presses.of(command);
  const sinceMs = Math.max(0, context.nowMs() - (press?.atMs ?? context.nowMs()));
  const sinceFrames = press?.frame
    ? frame - press.frame
    : framesOf(context, sinceMs + outputLatencyMs);
  const atBeat = beat + beatFrac - barBeat;
  const pressBeat = atBeat - sinceFrames / framesPerBeat;
  const line = (Math.floor(pressBeat / beats) + 1) * beats;
  const early = Math.min(
    barFrames * LIMITS.earlyWindowBarFraction,
    framesOf(context, LIMITS.earlyWindowMsMax),
  );
  if ((line - pressBeat) * framesPerBeat > early + framesOf(context, EDGE_MS)) return null;
  const lineFrame = Math.ceil(frame + (line - atBeat) * framesPerBeat);
  return lineFrame + lateFrames(context, command.source);
};
