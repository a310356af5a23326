/** CLEAR_SLOT: empties it as one step; while it records, only forgets the recording. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { type Handler, refuse, type Step, steps } from '../commands/plan.ts';
import { LABELS } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { emptyRecord } from '../slot-records.ts';
import { withSlot } from './slots.ts';

/** The capture's own `cancelled` event clears what is pending. */
export const cancelStep = (slot: number): Step => ({
  record: { kind: COMMAND_KIND.slotCancel, slot },
});

export const emptyStep = (context: SessionContext, slot: number): Step => ({
  record: emptyRecord(slot),
  applied() {
    context.setLoop(slot, null);
    context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
  },
});

export const clearSlot: Handler<'CLEAR_SLOT'> = {
  inLane: true,
  plan: ({ slot }, context) =>
    withSlot(context, slot, (target) => {
      if (target.pending?.kind === 'capture') {
        const { takeId } = target.pending;
        return {
          ...steps(cancelStep(slot)),
          isUnfinished: () => context.loops[slot]?.takeId === takeId,
        };
      }
      if (target.takeId === null) return refuse(ERRORS.ERR_SLOT_EMPTY.code);
      return {
        ...steps(emptyStep(context, slot)),
        finish() {
          commitRiff(context, { cause: 'CLEAR', label: LABELS.clear(slot), slot });
        },
      };
    }),
};
