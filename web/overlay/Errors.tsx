/**
 * What went wrong, by severity: passing notes, notes that stay, and a banner for what is critical.
 *
 * Conditions come from the state's alerts, so that a page that joins late sees them too.
 */
import { createMemo, For, Show } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import { Icon } from '../stage/Icon.tsx';
import type { Toast } from '../sync/create-toasts.ts';
import { usePage } from '../use-session.ts';
import bar from './Reconnecting.module.css';
import s from './Errors.module.css';

const ToastView = (props: { toast: Toast }) => {
  const { session } = usePage();
  const close = () => session.toasts.dismiss(props.toast.id);
  const act = () => {
    props.toast.action?.run();
    close();
  };
  return (
    <li class={s['toast']} data-severity={props.toast.severity}>
      <Icon name={props.toast.severity === 'low' ? 'check' : 'warn'} size={18} />
      <div class={s['words']}>
        <p class={s['title']}>
          {props.toast.title}
          <Show when={props.toast.count > 1}>
            <span class={s['count']}>×{props.toast.count}</span>
          </Show>
        </p>
        <p class={s['text']}>{props.toast.text}</p>
        <Show when={props.toast.code !== undefined}>
          <p class={s['code']}>{props.toast.code}</p>
        </Show>
      </div>
      <Show when={props.toast.action}>
        {(action) => (
          <button type="button" class="control" onClick={act}>
            {action().label}
          </button>
        )}
      </Show>
      <button type="button" class={s['close']} aria-label="Close this note" onClick={close}>
        <Icon name="close" size={16} />
      </button>
    </li>
  );
};

export const Toasts = () => {
  const { session } = usePage();
  return (
    <ul class={s['toasts']} aria-live="polite" aria-label="Notes">
      <For each={session.toasts.list}>{(toast) => <ToastView toast={toast} />}</For>
    </ul>
  );
};

/** Conditions that last: the worst one as a banner, with what is safe in the same sentence. */
export const CriticalBanner = () => {
  const { session } = usePage();
  const worst = createMemo(() =>
    Object.values(session.state.alerts)
      .map((alert) => errorByCode(alert.code)?.row)
      .find((row) => row?.severity === 'critical'),
  );
  return (
    <Show when={session.status() === 'live' && worst()}>
      {(row) => (
        <div class={`${bar['bar']} ${bar['banner']}`} role="alert">
          <Icon name="panic" size={20} />
          <p class={bar['words']}>
            <b>{row().says}</b>{' '}
            <span>
              {row().safe} {row().action}
              <small>{row().code}</small>&nbsp;&nbsp;
            </span>
          </p>
        </div>
      )}
    </Show>
  );
};

/** Conditions that last and are not critical: quiet chips over the strip. */
export const Alerts = () => {
  const { session } = usePage();
  const rows = createMemo(() =>
    Object.values(session.state.alerts)
      .map((alert) => ({ alert, row: errorByCode(alert.code)?.row }))
      .filter(({ row }) => row !== undefined && row.severity === 'medium'),
  );
  return (
    <Show when={rows().length > 0}>
      <ul class={s['alerts']} role="status">
        <For each={rows()}>
          {({ row, alert }) => (
            <li>
              <Icon name="warn" size={14} />
              <b>{row?.says}</b> {row?.safe} {row?.action}
              <small>{alert.count > 1 ? `${row?.code} ×${alert.count}` : row?.code}</small>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
};
