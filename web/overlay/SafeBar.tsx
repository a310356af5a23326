/** Safe Mode, over the whole width: why, what is off, what is safe, and the way out. The stage makes room for it. */
import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import { safeWords } from '../music/safe-words.ts';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import errors from './Errors.module.css';
import s from './SafeBar.module.css';

/** The stage begins under it. */
const makeRoom = (bar: HTMLElement) =>
  onMount(() => {
    const stage = document.querySelector('main')?.parentElement;
    const watch = new ResizeObserver(() => {
      stage?.style.setProperty('--bar', `${bar.offsetHeight}px`);
      stage?.style.setProperty('--safe-top', '0px');
    });
    watch.observe(bar);
    onCleanup(() => {
      watch.disconnect();
      stage?.style.removeProperty('--bar');
      stage?.style.removeProperty('--safe-top');
    });
  });

export const SafeBar = () => {
  const { session } = usePage();
  const words = () => {
    const { safe } = session.state.meta;
    return safe ? safeWords(safe) : '';
  };
  const [isClosed, setClosed] = createSignal(false);
  createEffect(on(words, () => setClosed(false)));
  return (
    <Show when={words() !== '' && !isClosed()}>
      <section ref={makeRoom} class={s['bar']} aria-label="Safe Mode">
        <Icon name="warn" size={20} />
        <p role="status">
          <b>Safe Mode.</b> {words()} <span>You can play and capture.</span>
        </p>
        <button
          type="button"
          class="control"
          disabled={!session.isLive()}
          onClick={() => void session.run({ cmd: 'LEAVE_SAFE_MODE' })}
        >
          Leave
        </button>
        <button
          type="button"
          class={errors['close']}
          aria-label="Close, Safe Mode stays on"
          onClick={() => setClosed(true)}
        >
          <Icon name="close" size={16} />
        </button>
      </section>
    </Show>
  );
};
