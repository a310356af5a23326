/** UNDO, REDO, RECALL_RIFF: the slots go to a riff that exists, then the head does. */
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { contentSteps, missingTakes, needing, showRecall } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { framesOf } from '../time/latency.ts';
import { done, type Handler, type Outcome, refuse, type Step, steps } from '../commands/plan.ts';
import { shiftTo } from '../riffs/grid-place.ts';
import { EMPTY_SLOT, LABELS, type Riff, sameMix } from '../riffs/riff.ts';
import { commitRiff, isMixedLike, moveHead, slotsNow } from '../riffs/riff-maker.ts';
import { cancelStep } from './clear.ts';
import { recordingSlots } from './slots.ts';

/** Their head was the right one at their turn: what moves it until they are done is theirs to undo. */
const hadTheirHead = new WeakSet<object>();

const headMoved = (context: SessionContext, command: { ifHead?: string | undefined }): boolean => {
  const { ifHead } = command;
  if (ifHead === undefined || hadTheirHead.has(command)) return false;
  if (ifHead !== context.history.head.id) return true;
  hadTheirHead.add(command);
  return false;
};

/** What records is forgotten first, and that was the step; if it had just ended, it is undone. */
const forgetRecordings = (context: SessionContext, recording: readonly number[]): Outcome => {
  const before = context.history.head.id;
  return {
    ...steps(...recording.map(cancelStep)),
    isUnfinished: () => context.history.head.id !== before,
  };
};

const isRecallPending = (context: SessionContext): boolean =>
  context.state.slots.some((slot) => slot.pending?.kind === 'recall');

/** Slots where this way over one step makes a merge or takes one back, mixed as the riff here says. */
const printedSlots = (context: SessionContext, target: Riff, cause: 'UNDO' | 'REDO') => {
  const { head } = context.history;
  const [merged, other] = cause === 'UNDO' ? [head, target] : [target, head];
  const now = slotsNow(context);
  const slots = merged.slots.flatMap(({ loop }, slot) => {
    const isMerge = loop && context.takes.get(loop.takeId)?.recipe?.kind === 'merge';
    const isOfStep = isMerge && other.slots[slot]?.loop?.takeId !== loop.takeId;
    const [as, is] = [head.slots[slot] ?? EMPTY_SLOT, now[slot] ?? EMPTY_SLOT];
    // A control that was moved since keeps what the hand said.
    return isOfStep && sameMix(as, is) ? [slot] : [];
  });
  return new Set(slots);
};

/** Content and tempo only: the mixer stays, except in slots that return from empty. */
const step = (context: SessionContext, target: Riff, cause: 'UNDO' | 'REDO'): Outcome => ({
  ...needing(context, missingTakes(context, target)),
  next(failed) {
    const list = contentSteps(context, target, {
      gridShift: context.gridShift,
      mix: 'returning',
      everySlot: isRecallPending(context),
      failed,
      printed: printedSlots(context, target, cause),
    });
    if (list.length === 0) {
      moveHead(context, target.id, cause);
      return done;
    }
    return { ...steps(...list), finish: () => moveHead(context, target.id, cause) };
  },
});

export const undo: Handler<'UNDO'> = {
  inLane: true,
  plan(command, context) {
    if (headMoved(context, command)) return refuse(ERRORS.ERR_HEAD_MOVED.code);
    const recording = recordingSlots(context);
    if (recording.length > 0) return forgetRecordings(context, recording);
    const target = context.history.undoTarget();
    return target ? step(context, target, 'UNDO') : refuse(ERRORS.ERR_NOTHING_TO_UNDO.code);
  },
};

export const redo: Handler<'REDO'> = {
  inLane: true,
  plan(command, context) {
    if (headMoved(context, command)) return refuse(ERRORS.ERR_HEAD_MOVED.code);
    const target = context.history.redoTarget();
    return target ? step(context, target, 'REDO') : refuse(ERRORS.ERR_NOTHING_TO_REDO.code);
  },
};

interface Landing {
  /** Running beat = session beat + this, once it has landed. */
  readonly gridShift: number;
  /** Undefined = at once. */
  readonly atFrame: number | undefined;
}

/** How long ago the player heard what he pressed at; at most as long as a press may be late. */
const pressAgeMs = (context: SessionContext, at: number | undefined): number =>
  context.state.devices.outputLatencyMs +
  Math.min(LIMITS.atPastMsMax, Math.max(0, context.nowMs() - (at ?? context.nowMs())));

/** At the first bar line after the press; at once, on the last one, when that had only just passed. */
const landOnBar = (context: SessionContext, riff: Riff, at: number | undefined): Landing => {
  const { beats } = context.state.transport.meter;
  const { frame, beat, beatFrac, framesPerBeat, barBeat } = context.grid();
  const now = beat + beatFrac;
  const pressed = now - framesOf(context, pressAgeMs(context, at)) / framesPerBeat;
  const lastLine = barBeat + Math.floor((pressed - barBeat) / beats) * beats;
  const sinceFrames = (pressed - lastLine) * framesPerBeat;
  const earlyFrames = Math.min(
    beats * framesPerBeat * LIMITS.earlyWindowBarFraction,
    (LIMITS.earlyWindowMsMax / 1000) * context.rateHz,
  );
  const line = sinceFrames <= earlyFrames ? lastLine : lastLine + beats;
  const lineFrame = Math.round(frame + (line - now) * framesPerBeat);
  return {
    gridShift: shiftTo(riff, line),
    atFrame: line <= now ? undefined : lineFrame,
  };
};

/** Before the first thing changes, a mix that no riff holds becomes one. */
export const keepingMix = (context: SessionContext, first: Step): Step => ({
  ...first,
  applied(event) {
    if (!isMixedLike(context, context.history.head)) {
      commitRiff(context, { cause: 'MIX', label: LABELS.mix() });
    }
    first.applied?.(event);
  },
});

/** Everything as it was; a mix that no riff holds is kept in one first. */
const recall = (
  context: SessionContext,
  riff: Riff,
  onBar: boolean,
  at: number | undefined,
): Outcome => ({
  ...needing(context, missingTakes(context, riff)),
  next(failed) {
    const now: Landing = { gridShift: context.gridShift, atFrame: undefined };
    const { gridShift, atFrame } = onBar ? landOnBar(context, riff, at) : now;
    const [first, ...others] = contentSteps(context, riff, {
      gridShift,
      mix: 'all',
      everySlot: onBar || isRecallPending(context),
      failed,
    });
    const finish = () => {
      context.gridShift = gridShift;
      moveHead(context, riff.id, 'RECALL');
    };
    if (!first) {
      if (riff.id !== context.history.head.id) finish();
      return done;
    }
    return {
      ...steps(keepingMix(context, first), ...others),
      ...(atFrame !== undefined && {
        atFrame,
        announced: () => showRecall(context, riff, atFrame),
      }),
      finish,
    };
  },
});

export const recallRiff: Handler<'RECALL_RIFF'> = {
  inLane: true,
  plan({ riffId, when, at }, context) {
    const riff = context.history.get(riffId);
    if (!riff) return refuse(ERRORS.ERR_NO_SUCH_RIFF.code);
    return recall(context, riff, when === 'bar' && context.state.transport.isPlaying, at);
  },
};
