/** RESTORE_TAKE: any take of the history plays in a slot again, as it last did; or its dry side does. */
import { ERRORS } from '../../../protocol/errors.ts';
import { needing, playSteps, soundFor } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { isSamePlace } from '../riffs/grid-place.ts';
import { done, type Handler, refuse, steps } from '../commands/plan.ts';
import { LABELS, modeOf, type RiffLoop } from '../riffs/riff.ts';
import { commitRiff, inRunningBeats } from '../riffs/riff-maker.ts';
import { withSlot } from './slots.ts';

export const restoreTake: Handler<'RESTORE_TAKE'> = {
  inLane: true,
  plan: ({ slot, takeId, which = 'wet' }, context) =>
    withSlot(context, slot, () => {
      const last = lastLoop(context, takeId, slot);
      if (!last) return refuse(ERRORS.ERR_NO_SUCH_TAKE.code);
      const dry = context.takes.drySide(takeId);
      const isDry = which === 'dry';
      if (isDry && !dry) return refuse(ERRORS.ERR_NO_DRY_SIDE.code);
      const loop = isDry && dry ? { ...last, takeId: dry.takeId } : last;
      if (isPlaying(context, slot, loop)) return done;
      const sound = soundFor(context, loop);
      return {
        ...needing(context, context.sounding.includes(sound) ? [] : [sound]),
        next(failed) {
          if (failed.size > 0) return refuse(ERRORS.ERR_TAKE_UNREADABLE.code);
          return {
            ...steps(...playSteps(context, slot, loop, sound)),
            finish() {
              const label = LABELS.restore(slot, loop.bars, isDry);
              commitRiff(context, { cause: 'RESTORE', label, slot, bars: loop.bars });
            },
          };
        },
      };
    }),
};

/** As the newest riff plays it, that of this slot before others. */
const lastLoop = (context: SessionContext, takeId: string, slot: number): RiffLoop | undefined => {
  const isIt = (loop: RiffLoop | null | undefined) => loop?.takeId === takeId;
  const riff =
    context.history.newestWhere(({ slots }) => isIt(slots[slot]?.loop)) ??
    context.history.newestWhere(({ slots }) => slots.some(({ loop }) => isIt(loop)));
  const own = riff?.slots[slot]?.loop;
  const loop = isIt(own) ? own : riff?.slots.find((each) => isIt(each.loop))?.loop;
  return riff && loop ? inRunningBeats(context, riff, loop, context.gridShift) : undefined;
};

const isPlaying = (context: SessionContext, slot: number, loop: RiffLoop): boolean => {
  const now = context.loops[slot];
  if (now?.takeId !== loop.takeId || modeOf(now) !== modeOf(loop)) return false;
  if ((now.tail ?? false) !== (loop.tail ?? false)) return false;
  return isSamePlace(now, loop, context.takes.get(loop.takeId)?.framesPerBeat ?? 1);
};
