/** RENAME_SLOT: the core only gives it a frame. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { type Handler, steps } from '../commands/plan.ts';
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
