/** Among the steps: the mixer in place of the slots, and where there is room the plug-ins. */
import { Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './ActionBar.module.css';

export const Views = () => {
  const page = usePage();
  const isOpen = () => page.panel() === 'plugins';
  return (
    <>
      <button
        type="button"
        class={`control ${s['mix']}`}
        aria-pressed={page.isMixing()}
        title="Mixer (P)"
        onClick={page.toggleMixer}
      >
        <Icon name="mix" />
        <span class={s['viewWord']}>Mix</span>
      </button>
      <Show when={!page.isPhone()}>
        <button
          type="button"
          class="control"
          aria-expanded={isOpen()}
          onClick={() => page.open(isOpen() ? 'none' : 'plugins')}
        >
          <Icon name="plug" />
          <span class={s['viewWord']}>Plug-ins</span>
        </button>
      </Show>
    </>
  );
};
