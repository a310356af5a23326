/** SET_INPUT: gain and monitoring of one source. */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { gainOfDb } from '../gain.ts';
import { type Handler, refuse, type Step, steps } from '../commands/plan.ts';

export const inputStep = (
  context: SessionContext,
  source: number,
  gainDb: number,
  monitor: boolean,
): Step => ({
  record: {
    kind: COMMAND_KIND.input,
    slot: source,
    flags: monitor ? COMMAND_FLAGS.on : 0,
    a: gainOfDb(gainDb),
  },
  applied: () => context.apply({ t: 'input', source, gainDb, monitor }),
});

export const setInput: Handler<'SET_INPUT'> = {
  inLane: false,
  plan: ({ source, gainDb, monitor }, context) => {
    const now = context.state.sources[source];
    if (!now) return refuse(ERRORS.ERR_NO_SUCH_SOURCE.code);
    return steps(inputStep(context, source, gainDb ?? now.gainDb, monitor ?? now.monitor));
  },
};
