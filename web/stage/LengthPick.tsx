/** How many bars a press on a pad takes. */
import { For } from 'solid-js';
import { LOOP_BARS } from '../../protocol/limits.ts';
import { barsText } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import s from './Pick.module.css';

export const LengthPick = () => {
  const { session } = usePage();
  return (
    <div class={s['switch']} role="group" aria-label="Bars a press on a pad takes">
      <For each={LOOP_BARS}>
        {(bars) => (
          <button
            type="button"
            aria-label={barsText(bars)}
            aria-pressed={session.loopBars() === bars}
            disabled={!session.isLive()}
            onClick={() => void session.run({ cmd: 'SET_LOOP_BARS', bars })}
          >
            {bars}
          </button>
        )}
      </For>
    </div>
  );
};
