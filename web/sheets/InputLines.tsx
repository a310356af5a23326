/** Of several stereo inputs those that are heard and captured together; nothing where there is one. */
import { For, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const InputLines = () => {
  const { session } = usePage();
  // Source 0 is their sum.
  const pairs = () => session.state.sources.slice(1);
  return (
    <Show when={pairs().length > 0}>
      <section class={s['group']} aria-label="Inputs">
        <h3>Inputs</h3>
        <For each={pairs()}>
          {(input, pair) => (
            <div class={s['line']}>
              <span>
                {input.name}
                <small>{input.monitor ? 'Part of what is captured' : 'Captured only alone'}</small>
              </span>
              <button
                type="button"
                class="control"
                aria-label={input.name}
                aria-pressed={input.monitor}
                disabled={!session.isLive()}
                onClick={() => {
                  const [source, monitor] = [pair() + 1, !input.monitor];
                  void session.run({ cmd: 'SET_INPUT', source, monitor });
                }}
              >
                {input.monitor ? 'On' : 'Off'}
              </button>
            </div>
          )}
        </For>
      </section>
    </Show>
  );
};
