/** A capture: the last bars become a take that a slot plays. */
import { COMMAND_FLAGS, COMMAND_KIND, EVENT_FLAGS } from '../../../protocol/abi.ts';
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { lateFrames } from '../time/latency.ts';
import { idOfWords, wordsOfId } from '../core/ids.ts';
import { keepLoose } from '../takes/loose-take.ts';
import type { Record, Step } from '../commands/plan.ts';
import { LABELS, modeOf, withWays } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { loopOf, type Take } from '../takes/takes.ts';

/** Told to the core while the press waits for its turn; one past the last slot is any with room. */
export const notePress = (command: CommandOf<'TRIGGER_SLOT'>, context: SessionContext): void => {
  const isOver = command.mode === 'overdub' && command.slot !== 'auto';
  context.presses.note(command, {
    slot: command.slot === 'auto' ? context.state.slots.length : command.slot,
    flags: (command.quantized ? COMMAND_FLAGS.quantized : 0) | (isOver ? COMMAND_FLAGS.overdub : 0),
    a: command.bars ?? context.state.transport.loopBars,
    b: command.source ?? 0,
  });
};

/** What differs from a capture that replaces. */
export interface CaptureWays {
  readonly record?: Pick<Record, 'flags' | 'd' | 'atMs'>;
  /** The window ends ahead: the slot records. */
  recording?(): void;
  /** The take is there; by default it becomes the slot's loop, as a step of the history. */
  play?(take: Take): void;
}

export const captureStep = (
  command: CommandOf<'TRIGGER_SLOT'>,
  context: SessionContext,
  slot: number,
  ways: CaptureWays = {},
): Step => {
  const press = context.presses.of(command);
  const takeId = press?.takeId ?? context.newId();
  const source = command.source ?? 0;
  const { flags = 0, ...more } = ways.record ?? {};
  const play = ways.play ?? ((take: Take) => playCapture(context, slot, take));
  return {
    record: {
      kind: COMMAND_KIND.capture,
      slot,
      flags: (command.quantized ? COMMAND_FLAGS.quantized : 0) | COMMAND_FLAGS.unmute | flags,
      a: command.bars ?? context.state.transport.loopBars,
      b: source,
      atMs: press?.atMs ?? command.at ?? 0,
      c: press?.frame ?? 0,
      id: wordsOfId(takeId),
      ...more,
    },
    recording(event) {
      context.presses.taken(command);
      const pending = {
        kind: 'capture',
        atFrame: event.toFrame - lateFrames(context, source),
        takeId,
        bars: event.value,
      } as const;
      context.takes.begin(takeOf(context, event, source));
      started(context, event);
      context.apply({ t: 'slotPending', slot, pending });
      ways.recording?.();
      return resultOf(slot, event);
    },
    captured(event) {
      context.presses.taken(command);
      const take = takeOf(context, event, source);
      context.takes.add(take);
      context.dryTakes.ask(context, take);
      started(context, event);
      play(take);
      return resultOf(slot, event);
    },
    // The same press again: what it asks for plays or is being recorded already.
    applied: (event) => sameAgain(context, slot, event),
    cancelled(event) {
      context.takes.forget(takeId);
      if (context.state.slots[slot]?.pending?.takeId !== takeId) return;
      context.apply({ t: 'slotPending', slot, pending: null });
      keepHeard(context, event, source);
    },
  };
};

const playCapture = (context: SessionContext, slot: number, take: Take): void => {
  playTake(context, slot, take);
  const label = LABELS.capture(slot, take.bars);
  commitRiff(context, { cause: 'CAPTURE', label, slot, bars: take.bars });
};

/** A capture into a paused transport starts it. */
const started = (context: SessionContext, event: CoreEvent): void => {
  if ((event.flags & EVENT_FLAGS.startedTransport) === 0) return;
  context.apply({ t: 'playing', isPlaying: true, barPhase: 0 });
};

/** What was heard of the cancelled range stays as a take that no riff names; false when that is nothing. */
export const keepHeard = (context: SessionContext, event: CoreEvent, source: number): boolean => {
  const toFrame = Math.min(event.toFrame, event.frame);
  const heard = (toFrame - event.fromFrame) / (event.toFrame - event.fromFrame);
  if (!(heard > 0)) return false;
  const whole = takeOf(context, event, source);
  const take = {
    ...whole,
    toFrame,
    bars: whole.bars * heard,
    lengthBeats: whole.lengthBeats * heard,
  };
  keepLoose(context, take, context.state.meta.sessionId);
  return true;
};

export const takeOf = (context: SessionContext, event: CoreEvent, source: number): Take => {
  const played = (60 * context.rateHz) / event.framesPerBeat;
  const { bpm, bpmEffective } = context.state.transport;
  // The core forgets with its life, and of very much damage some; its look-back may be older.
  const isHurt = context.damage.touches(source, event.fromFrame, event.toFrame);
  return {
    id: idOfWords(event.id),
    runId: context.runId,
    source,
    fromFrame: event.fromFrame,
    toFrame: event.toFrame,
    rateHz: context.rateHz,
    framesPerBeat: event.framesPerBeat,
    bpm: Math.abs(played - bpmEffective) < 1e-6 ? bpm : played,
    bars: event.value,
    originBeat: event.originBeat,
    lengthBeats: event.lengthBeats,
    offsetFrames: event.offsetFrames,
    pressFrame: event.value2,
    tainted: isHurt || (event.flags & EVENT_FLAGS.tainted) !== 0,
    acrossChange: (event.flags & EVENT_FLAGS.acrossChange) !== 0,
    recovered: (event.flags & EVENT_FLAGS.recovered) !== 0,
    loose: false,
    createdMs: context.wallClock(),
  };
};

/**
 * The slot plays its new take; a capture into a muted slot plays. It ends and stretches as the loop
 * before it did, on the grid; its tail comes when it has been played.
 */
export const playTake = (context: SessionContext, slot: number, take: Take): void => {
  const before = context.loops[slot] ?? null;
  const mode = modeOf(before) === 'stretch' ? 'stretch' : 'repitch';
  const loop = withWays(loopOf(take), mode, before?.tail ?? false);
  context.apply({ t: 'slotPending', slot, pending: null });
  context.apply({ t: 'slotMute', slot, muted: false });
  context.setLoop(slot, loop, take.id);
  context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
};

const resultOf = (slot: number, event: CoreEvent): TriggerResult => ({
  slot,
  takeId: idOfWords(event.id),
  bars: event.value,
  fromFrame: event.fromFrame,
  toFrame: event.toFrame,
  pressFrame: event.value2,
});

const sameAgain = (
  context: SessionContext,
  slot: number,
  event: CoreEvent,
): TriggerResult | undefined => {
  const pending = context.state.slots[slot]?.pending;
  const takeId = pending?.takeId ?? context.loops[slot]?.takeId;
  if (takeId === undefined) return undefined;
  const take = context.takes.get(takeId);
  return {
    slot,
    takeId,
    bars: take?.bars ?? pending?.bars ?? 0,
    fromFrame: take?.fromFrame ?? event.fromFrame,
    toFrame: take?.toFrame ?? pending?.atFrame ?? event.toFrame,
    pressFrame: event.frame,
  };
};
