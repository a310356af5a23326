/**
 * A capture found in shared memory after a crash: it becomes a riff and sounds, unless the store has
 * it.
 */
import { EVENT_FLAGS } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import type { SessionContext } from './context.ts';
import type { CoreEvent } from './core/port.ts';
import { findRoom, type Room, roomSteps } from './handlers/auto-merge.ts';
import { playTake, takeOf } from './handlers/capture.ts';
import { muteStep } from './handlers/mixer.ts';
import { aboutTake, overdubOf } from './handlers/overdub.ts';
import { firstEmpty } from './handlers/slots.ts';
import { done, MAKING_MS_MAX, type Outcome, steps } from './commands/plan.ts';
import { modeOf, type RiffLoop } from './riffs/riff.ts';
import { commitAside, commitRiff, inSessionBeats, slotsNow } from './riffs/riff-maker.ts';
import { setRecord } from './slot-records.ts';
import { loopOf, type Take } from './takes/takes.ts';

export interface FoundAbout {
  /** Where it was pressed, when that is known. */
  readonly sessionId?: string | undefined;
  /** Hears of one for which there is no slot: a step of the history that REDO brings in. */
  notice(code: number): void;
}

/**
 * Into the slot that was pressed. A press that was to find a slot by itself finds one again, and never
 * takes one that plays; nor does one of another session.
 */
export const restoreCapture = (
  context: SessionContext,
  event: CoreEvent,
  { notice, sessionId }: FoundAbout,
): Outcome => {
  const take = takeOf(context, event, event.sourceIndex);
  if (context.takes.has(take.id)) return done;
  context.takes.add(take);
  context.takes.setDurable(take.id);
  const aside = () => {
    keepAside(context, take);
    notice(ERRORS.ERR_CAPTURE_ASIDE.code);
    return done;
  };
  if (sessionId !== undefined && sessionId !== context.state.meta.sessionId) return aside();
  const slot = context.state.slots[event.slot] ? event.slot : firstEmpty(context);
  if (slot !== null) {
    return restoreInto(context, slot, take, (event.flags & EVENT_FLAGS.overdub) !== 0);
  }
  const room = findRoom(context);
  return room ? restoreBeside(context, room, take, aside) : aside();
};

/** One that was to join what its slot plays does so, as one loop: the layers are gone with their engine. */
const restoreInto = (
  context: SessionContext,
  slot: number,
  take: Take,
  joins: boolean,
): Outcome => {
  const below = joins ? (context.loops[slot] ?? null) : null;
  const isOver = below !== null && modeOf(below) !== 'free';
  const loop = isOver ? overdubOf(context, below, take) : loopOf(take);
  const about = aboutTake(slot, take, isOver);
  return {
    kind: 'load',
    takeIds: [loop.takeId],
    next(failed) {
      if (failed.size > 0) {
        // It is in the history all the same: the player can have it back when the disk can.
        commitRiff(context, about, slotsWith(context, slot, loop));
        context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, true);
        return done;
      }
      return {
        ...steps({ record: setRecord(context, slot, loop) }, muteStep(context, slot, false)),
        finish() {
          if (isOver) {
            context.apply({ t: 'slotMute', slot, muted: false });
            context.setLoop(slot, loop);
          } else {
            playTake(context, slot, take);
          }
          commitRiff(context, about);
        },
      };
    },
  };
};

/** As the press would have: two loops become one, and the freed slot plays the capture. */
const restoreBeside = (
  context: SessionContext,
  room: Room,
  take: Take,
  aside: () => Outcome,
): Outcome => ({
  kind: 'load',
  takeIds: [room.loop.takeId, take.id],
  msMax: MAKING_MS_MAX,
  next(failed) {
    if (failed.size > 0) return aside();
    return {
      // What is made of the take, its tail, follows when it is there; see `sound-keeper.ts`.
      ...steps(...roomSteps(context, room), {
        record: setRecord(context, room.freed, loopOf(take)),
      }),
      finish() {
        playTake(context, room.freed, take);
        commitRiff(context, aboutTake(room.freed, take, false));
      },
    };
  },
});

/** A step that was made and undone: in the history, while the slots stay as they are. */
const keepAside = (context: SessionContext, take: Take): void => {
  const about = { ...aboutTake(0, take, false), keepsRedo: false };
  commitAside(context, about, slotsWith(context, 0, loopOf(take)));
};

const slotsWith = (context: SessionContext, slot: number, loop: RiffLoop) => {
  const stored = inSessionBeats(loop, context.gridShift);
  return slotsNow(context).map((now, index) => (index === slot ? { ...now, loop: stored } : now));
};
