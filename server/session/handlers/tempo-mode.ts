/** SET_TEMPO_MODE: how a loop follows the tempo: with its pitch, at its pitch, or not at all. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { changeLoop } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { done, type Handler, type Outcome, refuse, type Step, steps } from '../commands/plan.ts';
import { LABELS, modeOf, type RiffLoop, type TempoMode, withWays } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { freeRecord, swapRecord } from '../slot-records.ts';
import { withSlot } from './slots.ts';

export const setTempoMode: Handler<'SET_TEMPO_MODE'> = {
  inLane: true,
  plan: ({ mode, slot }, context) =>
    withSlot(context, slot, () => {
      const loop = context.loops[slot];
      if (!loop) return refuse(ERRORS.ERR_SLOT_EMPTY.code);
      if (modeOf(loop) === mode) return done;
      return mode === 'free' ? setFree(context, slot, loop) : follow(context, slot, loop, mode);
    }),
};

const told = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  mode: TempoMode,
  list: readonly Step[],
): Outcome => {
  const [last, ...before] = list.toReversed();
  if (!last) return done;
  const step: Step = {
    ...last,
    applied(event) {
      last.applied?.(event);
      changeLoop(context, slot, (now) => withWays(now, mode, now.tail ?? false));
    },
  };
  const finish = () => {
    const label = LABELS.tempoMode(slot, mode);
    commitRiff(context, { cause: 'TEMPO_MODE', label, slot, bars: loop.bars });
  };
  return { ...steps(...before.toReversed(), step), finish, torn: finish };
};

/** From the grid's side nothing changes but the sound, which follows when it is there. */
const follow = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  mode: 'repitch' | 'stretch',
): Outcome => {
  const wasFree = modeOf(loop) === 'free';
  const record = wasFree ? freeRecord(slot, false) : { kind: COMMAND_KIND.mark };
  return told(context, slot, loop, mode, [{ record }]);
};

/** Its own speed is that of its own sound, which therefore plays first. */
const setFree = (context: SessionContext, slot: number, loop: RiffLoop): Outcome => {
  const playing = context.sounding[slot] ?? null;
  if (playing === null) return refuse(ERRORS.ERR_LOOP_MAKING.code);
  const own = playing === context.sounds.own(loop) ? playing : loop.takeId;
  return {
    kind: 'load',
    takeIds: [own],
    next(failed) {
      if (failed.size > 0) return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
      const swap: Step = {
        record: swapRecord(context, slot, loop, own, playing),
        applied: () => context.setLoop(slot, loop, own),
      };
      const free: Step = { record: freeRecord(slot, true) };
      const list = playing === own ? [free] : [swap, free];
      return told(context, slot, loop, 'free', list);
    },
  };
};
