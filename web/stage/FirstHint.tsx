/** Over the strip until the first capture: how a loop is made, or that there is nothing yet to make one of. */
import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import s from './CaptureStrip.module.css';

const LOOK_MS = 250;

/** true once the strip shows any sound. */
const createHasSound = () => {
  const { strip } = usePage().session;
  const [hasSound, setHasSound] = createSignal(false);
  const look = () => {
    for (let index = strip.oldest(); index <= strip.newest(); index++) {
      if (strip.max(index) > 0 || strip.min(index) < 0) return setHasSound(true);
    }
    return false;
  };
  onMount(() => {
    const timer = setInterval(() => look() && clearInterval(timer), LOOK_MS);
    onCleanup(() => clearInterval(timer));
  });
  return hasSound;
};

const Words = () => {
  const { session } = usePage();
  const hasSound = createHasSound();
  const isDemo = () => session.state.sources[0]?.name === 'Demo player';
  return (
    <p class={s['hint']} data-silent={!hasSound()}>
      <Show
        when={hasSound()}
        fallback={
          <>
            <b>Play something.</b> FlowZone is listening.
          </>
        }
      >
        <b>Press any strip zone:</b> it takes what{' '}
        {isDemo() ? 'the demo player just played.' : 'was just played.'}
      </Show>
    </p>
  );
};

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
      <Words />
    </Show>
  );
};
