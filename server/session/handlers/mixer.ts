/** SET_VOL, SET_PAN, MUTE_SLOT, SOLO_SLOT: never a riff, never behind a disk. */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { SlotOf } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { type Handler, type Step, steps } from '../commands/plan.ts';
import { withSlot } from './slots.ts';

export const setVol: Handler<'SET_VOL'> = {
  inLane: false,
  plan: ({ slot, val }, context) =>
    withSlot(context, slot, () => steps(gainStep(context, slot, val))),
};

export const setPan: Handler<'SET_PAN'> = {
  inLane: false,
  plan: ({ slot, val }, context) =>
    withSlot(context, slot, () => steps(panStep(context, slot, val))),
};

export const muteSlot: Handler<'MUTE_SLOT'> = {
  inLane: false,
  plan: ({ slot, muted, quantized, at }, context) =>
    withSlot(context, slot, () => steps(atHand(muteStep(context, slot, muted, quantized), at))),
};

export const soloSlot: Handler<'SOLO_SLOT'> = {
  inLane: false,
  plan: ({ slot, soloed, quantized, at }, context) =>
    withSlot(context, slot, () => steps(atHand(soloStep(context, slot, soloed, quantized), at))),
};

export const gainStep = (context: SessionContext, slot: number, val: number): Step => ({
  record: { kind: COMMAND_KIND.slotGain, slot, a: val },
  applied: () => context.apply({ t: 'slotGain', slot, val }),
});

export const panStep = (context: SessionContext, slot: number, val: number): Step => ({
  record: { kind: COMMAND_KIND.slotPan, slot, a: val },
  applied: () => context.apply({ t: 'slotPan', slot, val }),
});

/** Which line is meant hangs on the moment of the press. */
const atHand = (step: Step, at = 0): Step => ({ ...step, record: { ...step.record, atMs: at } });

const switchFlags = (isOn: boolean, quantized: boolean): number =>
  (isOn ? COMMAND_FLAGS.on : 0) | (quantized ? COMMAND_FLAGS.quantized : 0);

/** The slot shows what waits for the bar line, unless it is about to be captured. */
const wait =
  (context: SessionContext, slot: number, kind: 'mute' | 'solo') => (event: CoreEvent) => {
    if (context.state.slots[slot]?.pending?.kind === 'capture') return;
    const pending: SlotOf['pending'] = { kind, atFrame: event.toFrame, takeId: null, bars: 0 };
    context.apply({ t: 'slotPending', slot, pending });
  };

const waitNoMore = (context: SessionContext, slot: number, kind: 'mute' | 'solo') => () => {
  if (context.state.slots[slot]?.pending?.kind !== kind) return;
  context.apply({ t: 'slotPending', slot, pending: null });
};

export const muteStep = (
  context: SessionContext,
  slot: number,
  muted: boolean,
  quantized = false,
): Step => ({
  record: { kind: COMMAND_KIND.slotMute, slot, flags: switchFlags(muted, quantized) },
  applied: () => context.apply({ t: 'slotMute', slot, muted }),
  scheduled: wait(context, slot, 'mute'),
  cancelled: waitNoMore(context, slot, 'mute'),
});

export const soloStep = (
  context: SessionContext,
  slot: number,
  soloed: boolean,
  quantized = false,
): Step => ({
  record: { kind: COMMAND_KIND.slotSolo, slot, flags: switchFlags(soloed, quantized) },
  applied: () => context.apply({ t: 'slotSolo', slot, soloed }),
  scheduled: wait(context, slot, 'solo'),
  cancelled: waitNoMore(context, slot, 'solo'),
});
