/** SET_TAIL: what was played after the window sounds over the loop's start, or no longer does. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { done, type Handler, refuse, steps } from '../plan.ts';
import { LABELS, modeOf, withWays } from '../riff.ts';
import { commitRiff } from '../riff-maker.ts';
import { withSlot } from './slots.ts';

/** The sound follows when it is there: with it comes what is still being played; `sound-keeper.ts`. */
export const setTail: Handler<'SET_TAIL'> = {
  inLane: true,
  plan: ({ on, slot }, context) =>
    withSlot(context, slot, () => {
      const loop = context.loops[slot];
      if (!loop) return refuse(ERRORS.ERR_SLOT_EMPTY.code);
      if ((loop.tail ?? false) === on) return done;
      return {
        ...steps({
          record: { kind: COMMAND_KIND.mark },
          applied() {
            // A recording that waited may have ended meanwhile.
            const now = context.loops[slot] ?? loop;
            const sound = context.sounding[slot];
            context.setLoop(slot, withWays(now, modeOf(now), on), sound);
          },
        }),
        finish() {
          const label = LABELS.tail(slot, on);
          commitRiff(context, { cause: 'TAIL', label, slot, bars: loop.bars });
        },
      };
    }),
};
