/** TRIGGER_SLOT in mode overdub: the new take joins what plays, which steps back a little. */
import { COMMAND_FLAGS } from '../../../protocol/abi.ts';
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { derivedBeatsMax, overdubbedLoop } from '../takes/derive.ts';
import { type Outcome, refuse, steps } from '../commands/plan.ts';
import { sharedBeats } from '../takes/recipe.ts';
import { LABELS, modeOf, type RiffLoop, withWays } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import type { Take } from '../takes/takes.ts';
import { captureStep, playTake } from './capture.ts';

/** What is there is lowered by 5 % each time, so that layers do not pile up. */
export const OVERDUB_GAIN = 0.95;

export const overdub = (
  command: CommandOf<'TRIGGER_SLOT'>,
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
): Outcome => {
  const { loopBars, meter } = context.state.transport;
  const lengths = [loop.lengthBeats, (command.bars ?? loopBars) * meter.beats];
  const beats = sharedBeats(lengths, derivedBeatsMax(context));
  if (loop.mode === 'free' || beats === null) return refuse(ERRORS.ERR_LENGTHS.code);
  return steps(
    captureStep(command, context, slot, {
      record: { flags: COMMAND_FLAGS.overdub, d: OVERDUB_GAIN },
      play: (take) => play(context, slot, take),
    }),
  );
};

/** What plays and the take over it, as one loop that goes by the tempo and ends as what plays does. */
export const overdubOf = (context: SessionContext, below: RiffLoop, take: Take): RiffLoop => {
  const mode = modeOf(below) === 'stretch' ? 'stretch' : 'repitch';
  return withWays(overdubbedLoop(context, below, take, OVERDUB_GAIN), mode, below.tail ?? false);
};

/** The core plays the layers one over the other until they are one loop; see `sound-keeper.ts`. */
const play = (context: SessionContext, slot: number, take: Take): void => {
  const below = context.loops[slot];
  if (below) {
    context.apply({ t: 'slotPending', slot, pending: null });
    context.apply({ t: 'slotMute', slot, muted: false });
    context.setLoop(slot, overdubOf(context, below, take), take.id);
    context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
  } else {
    playTake(context, slot, take);
  }
  commitRiff(context, aboutTake(slot, take, below !== null && below !== undefined));
};

/** What the history says of a take that is there now. */
export const aboutTake = (slot: number, take: Take, isOver: boolean) => ({
  cause: isOver ? ('OVERDUB' as const) : ('CAPTURE' as const),
  label: isOver ? LABELS.overdub(slot, take.bars) : LABELS.capture(slot, take.bars),
  slot,
  bars: take.bars,
});
