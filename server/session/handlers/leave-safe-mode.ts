/** LEAVE_SAFE_MODE: the engine starts anew, with all it was started without: see `SafeHead`. */
import { ERRORS } from '../../../protocol/errors.ts';
import { done, type Handler, refuse } from '../commands/plan.ts';

export const leaveSafeMode: Handler<'LEAVE_SAFE_MODE'> = {
  inLane: false,
  plan(_, context) {
    if (context.state.meta.mode !== 'SAFE') return refuse(ERRORS.ERR_NOT_SAFE_MODE.code);
    // The answer leaves before the engine does.
    queueMicrotask(() => context.leaveSafeMode());
    return done;
  },
};
