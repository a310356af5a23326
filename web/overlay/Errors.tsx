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
  const icon = () => {
    if (props.toast.severity !== 'low') return 'warn';
    return props.toast.isGood ? 'check' : 'close';
  };
  const act = () => {
    props.toast.action?.run();
    close();
  };
  return (
    <li class={s['toast']} data-severity={props.toast.severity} data-good={props.toast.isGood}>
      <Icon name={icon()} size={18} />
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

/** What has to do with keeping sound is said on the strip; all else over the transport. */
const STRIP_CODES: readonly number[] = [1001, 1002, 1003, 1012, 2001];

const createAlertRows = () => {
  const { session } = usePage();
  return createMemo(() =>
    Object.values(session.state.alerts).flatMap((alert) => {
      const row = errorByCode(alert.code)?.row;
      return row ? [{ alert, row }] : [];
    }),
  );
};

/** The worst lasting condition, with what is safe in the same sentence. */
export const CriticalBanner = () => {
  const { session } = usePage();
  const rows = createAlertRows();
  const worst = () =>
    rows().find(({ row }) => row.severity === 'critical' && !STRIP_CODES.includes(row.code))?.row;
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

/** The worst lasting condition of disk and sound, on the strip it concerns. */
export const Alerts = () => {
  const rows = createAlertRows();
  const shown = createMemo(() =>
    rows()
      .filter(({ row }) => STRIP_CODES.includes(row.code) || row.severity === 'medium')
      .toSorted(
        (a, b) => Number(b.row.severity === 'critical') - Number(a.row.severity === 'critical'),
      ),
  );
  return (
    <Show when={shown()[0]}>
      {(worst) => (
        <p
          class={s['alert']}
          data-severity={worst().row.severity}
          role={worst().row.severity === 'critical' ? 'alert' : 'status'}
        >
          <Icon name={worst().row.severity === 'critical' ? 'panic' : 'warn'} size={15} />
          <span>
            <b>{worst().row.says}</b> {worst().row.safe} {worst().row.action}
          </span>
          <small>
            {worst().row.code}
            {worst().alert.count > 1 ? ` ×${worst().alert.count}` : ''}
            {shown().length > 1 ? ` and ${shown().length - 1} more` : ''}
          </small>
        </p>
      )}
    </Show>
  );
};
