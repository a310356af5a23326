/** Among the steps: pads or the mixer in place of the slots, and where there is room the plug-ins. */
import { Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './ActionBar.module.css';

export const Views = () => {
  const page = usePage();
  const isOpen = () => page.panel() === 'plugins';
  /** Shown while there is something to play with. */
  const hasPlugins = () => Object.keys(page.session.state.plugins).length > 0;
  return (
    <>
      <Show when={hasPlugins() || page.view() === 'play'}>
        <button
          type="button"
          class="control"
          data-view="play"
          aria-pressed={page.view() === 'play'}
          title="Pads, keys, XY pad (I)"
          onClick={() => page.toggle('play')}
        >
          <Icon name="pads" />
          <span class={s['viewWord']}>Play</span>
        </button>
      </Show>
      <button
        type="button"
        class={`control ${s['mix']}`}
        aria-pressed={page.view() === 'mixer'}
        title="Mixer (P)"
        onClick={() => page.toggle('mixer')}
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
