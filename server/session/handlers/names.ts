/** RENAME_SLOT, RENAME_SESSION: the core only gives them a frame. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { type Handler, steps } from '../plan.ts';
import { withSlot } from './slots.ts';

export const renameSlot: Handler<'RENAME_SLOT'> = {
  inLane: false,
  plan: ({ slot, name }, context) =>
    withSlot(context, slot, () =>
      steps({
        record: { kind: COMMAND_KIND.mark },
        applied: () => context.apply({ t: 'slotName', slot, name }),
      }),
    ),
};

export const renameSession: Handler<'RENAME_SESSION'> = {
  inLane: false,
  plan: ({ name }, context) =>
    steps({
      record: { kind: COMMAND_KIND.mark },
      applied() {
        context.apply({ t: 'sessionName', name });
        const { sessionId } = context.state.meta;
        context.log.add({ kind: 'sessionName', sessionId, name });
      },
    }),
};
