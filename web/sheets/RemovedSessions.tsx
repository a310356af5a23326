/** Sessions that were removed and can still be brought back. */
import { For, Show } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { wallMs } from '../clock.ts';
import { countText } from '../music/amounts.ts';
import type { Sessions } from './create-sessions.ts';
import { heldText } from './SessionLine.tsx';
import s from './MoreSheet.module.css';

const DAY_MS = 86_400_000;

const daysLeft = (removedMs: number): number =>
  Math.max(1, Math.ceil(LIMITS.trashDays - (wallMs() - removedMs) / DAY_MS));

export const RemovedSessions = (props: { sessions: Sessions }) => (
  <Show when={props.sessions.removed().length > 0}>
    <h3>Removed</h3>
    <ul class={s['list']} aria-label="Removed sessions">
      <For each={props.sessions.removed()}>
        {(row) => (
          <li class={s['line']} data-removed={row.id}>
            <span>
              {row.name}
              <small>
                {heldText(row)} · {countText(daysLeft(row.removedMs ?? 0), 'day')} left
              </small>
            </span>
            <button
              type="button"
              class="control"
              aria-label={`Bring back ${row.name}`}
              disabled={!props.sessions.canAct()}
              onClick={() => void props.sessions.restore(row.id)}
            >
              Bring back
            </button>
          </li>
        )}
      </For>
    </ul>
  </Show>
);
