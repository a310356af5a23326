/** TRIGGER_SLOT: the last bars become a slot's loop, or join it. */
import { ERRORS } from '../../../protocol/errors.ts';
import { type Handler, type Outcome, refuse, steps } from '../commands/plan.ts';
import { makeRoom } from './auto-merge.ts';
import { captureStep, notePress } from './capture.ts';
import { overdub } from './overdub.ts';
import { firstEmpty } from './slots.ts';

export const triggerSlot: Handler<'TRIGGER_SLOT'> = {
  inLane: true,
  waits: notePress,
  plan(command, context): Outcome {
    if (!context.state.sources[command.source ?? 0]) {
      return refuse(ERRORS.ERR_NO_SUCH_SOURCE.code);
    }
    const slot = command.slot === 'auto' ? firstEmpty(context) : command.slot;
    if (slot === null) return makeRoom(command, context);
    if (!context.state.slots[slot]) return refuse(ERRORS.ERR_NO_SUCH_SLOT.code);
    const loop = context.loops[slot];
    if (command.mode === 'overdub' && loop) return overdub(command, context, slot, loop);
    return steps(captureStep(command, context, slot));
  },
};
