/** On phones and tablets: whether the screen stays on while the music plays, or what keeps it on. */
import { Show } from 'solid-js';
import { isHandheld, mayKeepAwake } from '../overlay/keep-awake.ts';
import s from './MoreSheet.module.css';

export const ScreenLine = () => (
  <Show when={isHandheld()}>
    <div class={s['line']} data-screen>
      <span>
        Screen
        <small>
          {mayKeepAwake()
            ? 'It stays on while the music plays'
            : 'Set Auto-Lock to Never while you play: this page may not keep it on'}
        </small>
      </span>
    </div>
  </Show>
);
