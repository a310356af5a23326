/** Safe Mode, while it is on: why, and the way out. */
import { Show } from 'solid-js';
import { safeWords } from '../music/safe-words.ts';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const SafeLine = () => {
  const { session } = usePage();
  return (
    <Show when={session.state.meta.safe}>
      {(safe) => (
        <div class={s['line']}>
          <span>
            Safe Mode
            <small>{safeWords(safe())}</small>
          </span>
          <button
            type="button"
            class="control"
            disabled={!session.isLive()}
            onClick={() => void session.run({ cmd: 'LEAVE_SAFE_MODE' })}
          >
            Leave
          </button>
        </div>
      )}
    </Show>
  );
};
