/** What the player adds to the latency, by ear: how much earlier his loops come. */
import { For } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { usePage } from '../use-session.ts';
import { createAsked } from './create-asked.ts';
import s from './MoreSheet.module.css';

const STEPS_MS = [-10, -1, 1, 10] as const;

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms)}`;

const within = (ms: number): number =>
  Math.max(-LIMITS.latencyTrimMsMax, Math.min(LIMITS.latencyTrimMsMax, ms));

export const TrimLine = () => {
  const { session } = usePage();
  const asked = createAsked(() => Math.round(session.state.devices.trimMs));
  const trimMs = asked.value;
  const move = (byMs: number) =>
    asked.ask(within(trimMs() + byMs), (next) =>
      session.run({ cmd: 'SET_LATENCY_TRIM', trimMs: next }),
    );
  return (
    <div class={s['line']}>
      <span>
        Trim <output>{trimMs() === 0 ? '0' : signed(trimMs())} ms</output>
        <small>Loops come late? + moves new ones earlier</small>
      </span>
      <div class={s['steps']} role="group" aria-label="Trim of the latency">
        <For each={STEPS_MS}>
          {(byMs) => (
            <button
              type="button"
              class="control"
              aria-label={`${signed(byMs)} ms: new loops ${byMs > 0 ? 'earlier' : 'later'}`}
              disabled={!session.isLive() || within(trimMs() + byMs) === trimMs()}
              onClick={() => void move(byMs)}
            >
              {signed(byMs)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
};
