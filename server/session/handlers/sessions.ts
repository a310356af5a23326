/** NEW_SESSION, OPEN_SESSION, RENAME_SESSION: which music the slots, the history and the grid are of. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SlotOf } from '../../../protocol/state.ts';
import { contentSteps, missingTakes } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { shiftTo } from '../riffs/grid-place.ts';
import { History } from '../riffs/history.ts';
import { rootRiff } from '../load-session.ts';
import {
  done,
  type Handler,
  MAKING_MS_MAX,
  type Outcome,
  refuse,
  steps,
} from '../commands/plan.ts';
import { EMPTY_SLOT, type Riff } from '../riffs/riff.ts';
import { nameOfMoment, sessionNameOf } from '../session-name.ts';
import type { KeptSession } from '../session-shelf.ts';
import { meterStep } from './transport.ts';

const { code: BAD_NAME } = ERRORS.ERR_SESSION_NAME;
const { code: NO_SUCH } = ERRORS.ERR_NO_SUCH_SESSION;
const { code: UNREADABLE } = ERRORS.ERR_SESSION_UNREADABLE;

/** A recording is whole when its last frame was heard; all else happens at its frame. */
const endOf = ({ takes }: SessionContext, pending: NonNullable<SlotOf['pending']>): number =>
  takes.begun(pending.takeId ?? '')?.toFrame ?? pending.atFrame;

/** What waits for its frame belongs to the session it was asked in: that happens first. Null = nothing. */
const waitForPending = (context: SessionContext): Outcome | null => {
  const overdue = Math.max(0, context.grid().frame - context.rateHz);
  const ends = context.state.slots
    .flatMap(({ pending }) => (pending ? [endOf(context, pending)] : []))
    .concat(context.scheduledFrame())
    .filter((frame) => frame > overdue);
  if (ends.length === 0) return null;
  return {
    ...steps({ record: { kind: COMMAND_KIND.mark } }),
    atFrame: Math.max(...ends) + 1,
    isQuiet: true,
    isUnfinished: () => true,
  };
};

/** The head with mixer and tempo as they were last left. */
const asLeft = ({ history, mix }: KeptSession, slotCount: number): Riff => ({
  ...history.head,
  bpm: mix?.bpm ?? history.head.bpm,
  slots: Array.from({ length: slotCount }, (_, slot) => {
    const stored = history.head.slots[slot] ?? EMPTY_SLOT;
    const { gain, muted, pan, soloed } = mix?.slots[slot] ?? stored;
    return { ...stored, gain, pan, muted, soloed };
  }),
});

/** Its first bar is the one that sounds now, so that its bars begin where these do. */
const landing = (context: SessionContext, riff: Riff): number => {
  const { barBeat, beat } = context.grid();
  const { beats } = context.state.transport.meter;
  const line = barBeat + Math.floor((beat - barBeat) / beats) * beats;
  return shiftTo(riff, line);
};

/** All slots, mixer, tempo and meter at one frame; a take that cannot be had leaves its slot empty. */
const switchTo = (context: SessionContext, session: KeptSession): Outcome => {
  const riff = asLeft(session, context.state.slots.length);
  const { beats, unit } = session.mix?.meter ?? riff.meter;
  return {
    kind: 'load',
    takeIds: missingTakes(context, riff),
    msMax: MAKING_MS_MAX,
    next(failed) {
      const now = context.state.transport.meter;
      const gridShift = landing(context, riff);
      const isOtherMeter = now.beats !== beats || now.unit !== unit;
      const enter = () => context.sessions.enter(context, session, gridShift);
      return {
        ...steps(
          { record: { kind: COMMAND_KIND.mark }, applied: enter },
          ...(isOtherMeter ? [meterStep(context, beats, unit)] : []),
          ...contentSteps(context, riff, { gridShift, mix: 'all', everySlot: true, failed }),
        ),
        finish: () => ({ sessionId: session.id, name: session.name }),
      };
    },
  };
};

/** It begins empty, with the tempo and the meter that hold. */
const emptySession = (context: SessionContext, name: string): KeptSession => {
  const { bpm, meter } = context.state.transport;
  const root = rootRiff(context.newId(), context.wallClock(), bpm);
  const { beats, unit } = meter;
  const { takes } = context;
  const dryOf = (id: string) => takes.drySide(id)?.takeId;
  const history = new History({ ...root, meter: { beats, unit } }, dryOf);
  return { id: context.newId(), name, history, mix: null, isNew: true };
};

export const newSession: Handler<'NEW_SESSION'> = {
  inLane: true,
  plan({ name }, context) {
    const called = sessionNameOf(name ?? nameOfMoment(context.wallClock()));
    if (called === null) return refuse(BAD_NAME);
    return waitForPending(context) ?? switchTo(context, emptySession(context, called));
  },
};

export const openSession: Handler<'OPEN_SESSION'> = {
  inLane: true,
  plan({ sessionId }, context) {
    const { meta } = context.state;
    if (sessionId === meta.sessionId) {
      return { ...done, result: { sessionId, name: meta.sessionName } };
    }
    const pending = waitForPending(context);
    if (pending) return pending;
    const found = context.sessions.find(sessionId);
    return {
      kind: 'later',
      outcome: found.then(
        (session) => (session ? switchTo(context, session) : refuse(NO_SUCH)),
        () => refuse(UNREADABLE),
      ),
    };
  },
};

const renaming = (context: SessionContext, sessionId: string, name: string): Outcome =>
  steps({
    record: { kind: COMMAND_KIND.mark },
    applied: () => context.sessions.rename(context, sessionId, name),
  });

export const renameSession: Handler<'RENAME_SESSION'> = {
  inLane: false,
  plan({ name, sessionId = '' }, context) {
    const called = sessionNameOf(name);
    const { sessionId: openId } = context.state.meta;
    if (called === null) return refuse(BAD_NAME);
    if (sessionId === '' || sessionId === openId) return renaming(context, openId, called);
    return {
      kind: 'later',
      outcome: context.sessions.has(sessionId).then(
        (isThere) => (isThere ? renaming(context, sessionId, called) : refuse(NO_SUCH)),
        () => refuse(UNREADABLE),
      ),
    };
  },
};
