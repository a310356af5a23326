/** Frames of the past that become a take, and the slot that plays it. */
import { ERRORS } from '../../../protocol/errors.ts';
import { needing } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { keepLoose } from './loose-take.ts';
import { type Outcome, refuse, steps } from '../commands/plan.ts';
import { type RiffLoop, withWays } from '../riffs/riff.ts';
import { commitRiff, type RiffAbout } from '../riffs/riff-maker.ts';
import { freeRecord, setRecord } from '../slot-records.ts';
import { heardSource } from './take-places.ts';
import type { Take } from './takes.ts';

const { code: LOOP_MEMORY } = ERRORS.ERR_LOOP_MEMORY;

export interface PastWish {
  readonly slot: number;
  readonly take: Take;
  /** The take as the slot is to play it. */
  readonly loop: RiffLoop;
  readonly about: RiffAbout;
}

/**
 * First the frames are fetched, then the slot plays them, then it is a step of the history. When they
 * are not all there nothing has happened. What is fetched and not played gets files all the same: it
 * stays as a take that no riff names.
 */
export const playPast = (context: SessionContext, wish: PastWish): Outcome => {
  const { about, loop, slot, take } = wish;
  if (context.retention.isGoing(take)) return refuse(ERRORS.ERR_RANGE_NOT_KEPT.code);
  const { sessionId } = context.state.meta;
  const unplayed = () => keepLoose(context, asToldSince(context, take), sessionId);
  context.takes.begin(take);
  return {
    ...needing(context, [take.id]),
    next(failed) {
      const code = failed.get(take.id);
      if (code !== undefined) {
        context.takes.forget(take.id);
        // Whatever else is in the way of it, the player can only choose another part.
        return refuse(code === LOOP_MEMORY ? code : ERRORS.ERR_RANGE_NOT_KEPT.code);
      }
      const { bars, fromFrame, toFrame } = take;
      return {
        ...steps(...pastSteps(context, wish)),
        finish() {
          commitRiff(context, about);
          return { slot, takeId: loop.takeId, bars, fromFrame, toFrame };
        },
        refused: unplayed,
        torn: unplayed,
      };
    },
    tooLate(takeId, isLoaded) {
      if (isLoaded) unplayed();
      else context.takes.forget(takeId);
    },
  };
};

/** Damage may be told while its frames are fetched, up to a second after them. */
const asToldSince = ({ damage, runId }: SessionContext, take: Take): Take => {
  const { fromFrame, toFrame } = take;
  const isHurt = take.runId === runId && damage.touches(heardSource(take), fromFrame, toFrame);
  return isHurt ? { ...take, tainted: true } : take;
};

const pastSteps = (context: SessionContext, { loop, slot, take }: PastWish) => [
  {
    record: setRecord(context, slot, loop),
    applied() {
      const told = asToldSince(context, take);
      context.takes.add(told);
      context.dryTakes.ask(context, told);
      context.apply({ t: 'slotPending', slot, pending: null });
      // What it needs for its tail and at another tempo comes when it is made; `sound-keeper.ts`.
      context.setLoop(slot, loop, take.id);
      context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
    },
  },
  ...(loop.mode === 'free' ? [{ record: freeRecord(slot, true) }] : []),
];

/** The loop with another place or length; how it follows the tempo and ends stays. */
export const asBefore = (loop: RiffLoop, before: RiffLoop | null): RiffLoop =>
  withWays(loop, before?.mode ?? 'repitch', before?.tail ?? false);
