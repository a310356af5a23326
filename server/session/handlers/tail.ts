/** SET_TAIL: what was played after the window sounds over the loop's start, or no longer does. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { changeLoop } from '../content.ts';
import type { SessionContext } from '../context.ts';
import {
  done,
  type Handler,
  MAKING_MS_MAX,
  type Outcome,
  refuse,
  steps,
} from '../commands/plan.ts';
import { playedTakes } from '../takes/recipe.ts';
import { LABELS, modeOf, type RiffLoop, withWays } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { postRollEnd } from '../takes/take-places.ts';
import { withSlot } from './slots.ts';

/** What was played is on disk so long after it at the latest. */
const SPOOL_SECONDS = 5;

/** Some of what is to sound is still being played, or written. */
const isComing = (context: SessionContext, loop: RiffLoop): boolean => {
  const take = context.takes.get(loop.takeId);
  const since = context.grid().frame - SPOOL_SECONDS * context.rateHz;
  const played = take ? playedTakes(take, context.takes) : [];
  return played.some((each) => each.runId === context.runId && postRollEnd(each) > since);
};

const turnedTo = (context: SessionContext, slot: number, loop: RiffLoop, on: boolean): Outcome => ({
  ...steps({
    record: { kind: COMMAND_KIND.mark },
    applied: () => changeLoop(context, slot, (now) => withWays(now, modeOf(now), on)),
  }),
  finish() {
    const label = LABELS.tail(slot, on);
    commitRiff(context, { cause: 'TAIL', label, slot, bars: loop.bars });
  },
});

/** The sound follows when it is there: with it comes what is still being played; `sound-keeper.ts`. */
export const setTail: Handler<'SET_TAIL'> = {
  inLane: true,
  plan: ({ on, slot }, context) =>
    withSlot(context, slot, () => {
      const loop = context.loops[slot];
      if (!loop) return refuse(ERRORS.ERR_SLOT_EMPTY.code);
      if ((loop.tail ?? false) === on) return done;
      if (!on || isComing(context, loop)) return turnedTo(context, slot, loop, on);
      return {
        kind: 'load',
        takeIds: [context.sounds.own({ takeId: loop.takeId, tail: true })],
        msMax: MAKING_MS_MAX,
        next: (failed) =>
          failed.size > 0
            ? refuse(ERRORS.ERR_RANGE_NOT_KEPT.code)
            : turnedTo(context, slot, context.loops[slot] ?? loop, on),
      };
    }),
};
