/** "Saved" is said only when every loop that sounds survives a power cut. */
import { createMemo, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './Header.module.css';

export const Saved = () => {
  const { session } = usePage();
  const isSaved = createMemo(() =>
    session.state.slots.every((slot) => slot.takeId === null || slot.saved),
  );
  const hasLoops = createMemo(() => session.state.slots.some((slot) => slot.takeId !== null));
  return (
    <Show when={hasLoops()}>
      <span class={s['saved']} title={isSaved() ? 'Every loop is on disk' : 'Writing to disk'}>
        <Icon name={isSaved() ? 'check' : 'disk'} size={13} />
        <span>{isSaved() ? 'Saved' : 'Saving…'}</span>
      </span>
    </Show>
  );
};
