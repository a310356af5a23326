/** Doors every command with a slot passes. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SlotOf } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import { type Outcome, refuse } from '../commands/plan.ts';

/** Calls `then` with the slot, or refuses a number beyond the last. */
export const withSlot = (
  context: SessionContext,
  slot: number,
  then: (slot: SlotOf) => Outcome,
): Outcome => {
  const target = context.state.slots[slot];
  return target ? then(target) : refuse(ERRORS.ERR_NO_SUCH_SLOT.code);
};

export const recordingSlots = (context: SessionContext): number[] =>
  context.state.slots.flatMap((slot, index) => (slot.pending?.kind === 'capture' ? [index] : []));

/** The first that plays nothing and waits for nothing; null when all are taken. */
export const firstEmpty = (context: SessionContext): number | null => {
  const index = context.state.slots.findIndex(
    (slot) => slot.takeId === null && slot.pending?.kind !== 'capture',
  );
  return index < 0 ? null : index;
};
