/** How one slot looks now, and the word that says so. */
import { type Accessor, createMemo } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { troubleText } from '../music/plugin-trouble.ts';
import { LOOK_WORDS, type SlotLook, slotLook } from '../music/slot-look.ts';
import { usePage } from '../use-session.ts';

interface LookedAt {
  readonly index: number;
  readonly slot: SlotOf;
}

export const createLook = (props: LookedAt): { look: Accessor<SlotLook>; word: () => string } => {
  const { session } = usePage();
  const trouble = createMemo(() => troubleText(session.state.plugins, props.slot.pluginChain));
  const look = createMemo(() =>
    slotLook(
      { ...props.slot, muted: session.mutedOf(props.index) },
      {
        isTarget: session.targetSlot() === props.index,
        isSending: session.overlay.slots[props.index]?.isSending === true,
        isPlaying: session.state.transport.isPlaying,
        isBypassed: trouble() !== '',
      },
    ),
  );
  return { look, word: () => (look() === 'bypassed' ? trouble() : LOOK_WORDS[look()]) };
};
