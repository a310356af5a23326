/** Says that the line is down after one second of it, so that short drops do not flash. */
import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import s from './Reconnecting.module.css';

const WAIT_MS = 1000;

/** true once `isSo` has held for `ms`. */
export const createDelayed = (isSo: () => boolean, ms: number): (() => boolean) => {
  const [isLong, setLong] = createSignal(false);
  createEffect(() => {
    if (!isSo()) return setLong(false);
    const timer = setTimeout(() => setLong(true), ms);
    onCleanup(() => clearTimeout(timer));
  });
  return isLong;
};

export const Reconnecting = () => {
  const { session } = usePage();
  const isLost = createDelayed(() => session.status() !== 'live' && !session.isStranger(), WAIT_MS);
  const isDown = createDelayed(() => session.status() === 'live' && session.isEngineDown(), 300);
  return (
    <>
      <Show when={isLost()}>
        <div class={s['bar']} role="status">
          <Icon name="wifi" size={20} />
          <p class={s['words']}>
            <b>{session.isReady() ? 'Reconnecting…' : 'Connecting…'}</b>{' '}
            <span>The loops play on. Presses made now are not sent later.</span>
          </p>
          <button type="button" class="control" onClick={session.retryNow}>
            Try now
          </button>
        </div>
      </Show>
      <Show when={isDown()}>
        <div class={s['bar']} role="alert">
          <Icon name="warn" size={20} />
          <p class={s['words']}>
            <b>The audio engine is being restarted.</b>{' '}
            <span>
              {session.engineWaitsFor() || 'Every saved loop comes back in time.'} 1010&nbsp;&nbsp;
            </span>
          </p>
        </div>
      </Show>
    </>
  );
};
