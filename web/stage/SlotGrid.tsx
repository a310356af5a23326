/** All slots, in their order for ever; more than eight scroll. */
import { Index } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Slot } from './Slot.tsx';
import s from './SlotGrid.module.css';

export const SlotGrid = () => {
  const { session } = usePage();
  return (
    <ol class={s['grid']} aria-label="Slots" data-many={session.state.slots.length > 8}>
      <Index each={session.state.slots}>
        {(slot, index) => <Slot index={index} slot={slot()} />}
      </Index>
    </ol>
  );
};
