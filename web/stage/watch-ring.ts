/** Copies what a slot's ring shows out of the store, whenever that changes. */
import { createEffect } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { slotColour } from '../draw/palette.ts';
import type { SlotLook } from '../music/slot-look.ts';
import type { Page } from '../use-session.ts';
import type { RingViewState } from './make-ring-view.ts';

export interface RingParts {
  readonly index: () => number;
  readonly slot: () => SlotOf;
  readonly look: () => SlotLook;
}

export const watchRing = (parts: RingParts, page: Page, view: RingViewState): void => {
  createEffect(() => {
    const slot = parts.slot();
    const isRecording = slot.state === 'RECORDING';
    Object.assign(view, {
      look: parts.look(),
      isRecording,
      takeId: slot.takeId,
      bars: isRecording && slot.pending ? slot.pending.bars : slot.bars,
      beatsPerBar: page.session.state.transport.meter.beats,
      fromBeat: slot.originBeat,
      toBeat: slot.originBeat + slot.lengthBeats,
    });
  });
  createEffect(() => {
    view.colour = slotColour(page.palette(), parts.index());
  });
};
