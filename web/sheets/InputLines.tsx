/** Of several stereo inputs those that are heard and captured together, and how loud; nothing where there is one. */
import { For, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { InputLevel } from './InputLevel.tsx';
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
          {(input, at) => {
            const source = () => at() + 1;
            return (
              <div>
                <div class={s['line']}>
                  <span>
                    {input.name}
                    <small>
                      {input.monitor ? 'Part of what is captured' : 'Captured only alone'}
                    </small>
                  </span>
                  <button
                    type="button"
                    class="control"
                    aria-label={input.name}
                    aria-pressed={input.monitor}
                    disabled={!session.isLive()}
                    onClick={() => {
                      const [now, monitor] = [source(), !input.monitor];
                      void session.run({ cmd: 'SET_INPUT', source: now, monitor });
                    }}
                  >
                    {input.monitor ? 'On' : 'Off'}
                  </button>
                </div>
                <InputLevel source={source()} name={input.name} gainDb={input.gainDb} />
              </div>
            );
          }}
        </For>
      </section>
    </Show>
  );
};
