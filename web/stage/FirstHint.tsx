/** Over the strip until the first capture: how a loop is made. */
import { createMemo, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import s from './CaptureStrip.module.css';

export const FirstHint = () => {
  const { session } = usePage();
  const isNew = createMemo(
    () =>
      session.isLive() &&
      session.state.history.count <= 1 &&
      session.state.slots.every((slot) => slot.state === 'EMPTY'),
  );
  return (
    <Show when={isNew()}>
      <p class={s['hint']}>
        <b>Press any strip zone:</b> it takes what was just played.
      </p>
    </Show>
  );
};
