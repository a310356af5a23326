/** Eight slots, each where it always is; more stand in banks of eight. */
import { createMemo, For, Show } from 'solid-js';
import { later } from '../later.tsx';
import { BANK, usePage } from '../use-session.ts';
import { Slot } from './Slot.tsx';
import s from './SlotGrid.module.css';

const SlotBanks = later(() => import('./SlotBanks.tsx'), 'SlotBanks');

export const SlotGrid = () => {
  const { bank, session } = usePage();
  const isMany = () => session.state.slots.length > BANK;
  const seen = createMemo(() =>
    [...session.state.slots.keys()].slice(bank() * BANK, (bank() + 1) * BANK),
  );
  return (
    <>
      <ol class={s['grid']} aria-label="Slots" data-many={isMany()}>
        <For each={seen()}>
          {(index) => (
            <Show when={session.state.slots[index]}>
              {(slot) => <Slot index={index} slot={slot()} />}
            </Show>
          )}
        </For>
      </ol>
      <Show when={isMany()}>
        <SlotBanks />
      </Show>
    </>
  );
};
