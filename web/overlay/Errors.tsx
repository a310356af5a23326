/**
 * What went wrong, by severity: passing notes, notes that stay, and a banner for what is critical.
 *
 * Conditions come from the state's alerts, so that a page that joins late sees them too.
 */
import { createEffect, createMemo, For, Show, untrack } from 'solid-js';
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
        <p class={s['text']}>
          {props.toast.text}
          <Show when={props.toast.code !== undefined}>
            <small> {props.toast.code}</small>
          </Show>
        </p>
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

/** At the end of the column, which makes room for them; without one, over the page. */
export const Toasts = () => {
  const { hasColumn, session } = usePage();
  return (
    <ul
      class={s['toasts']}
      data-place={hasColumn() ? 'column' : 'over'}
      aria-live="polite"
      aria-label="Notes"
    >
      <For each={session.toasts.list}>{(toast) => <ToastView toast={toast} />}</For>
    </ul>
  );
};

/** What has to do with keeping sound is said on the strip; all else over the transport. */
const STRIP_CODES: readonly number[] = [1002, 1012];

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

/** A critical condition of disk or store, on the strip it concerns. */
export const StripAlert = () => {
  const rows = createAlertRows();
  const worst = () =>
    rows().find(({ row }) => row.severity === 'critical' && STRIP_CODES.includes(row.code))?.row;
  return (
    <Show when={worst()}>
      {(row) => (
        <p class={s['alert']} role="alert">
          <Icon name="panic" size={16} />
          <span>
            <b>{row().says}</b> {row().safe} {row().action}
          </span>
          <small>{row().code}</small>
        </p>
      )}
    </Show>
  );
};

/**
 * Notes of lasting conditions: one that began before this page came is shown here too, one that is
 * over goes. What stands on the strip or over the transport needs no note beside it.
 */
export const createAlertNotes = (): void => {
  const { session } = usePage();
  const { toasts } = session;
  const rows = createAlertRows();
  const dismissIf = (isGone: (code: number) => boolean) => {
    for (const { code, id } of toasts.list.slice()) {
      if (code !== undefined && isGone(code)) toasts.dismiss(id);
    }
  };
  createEffect((before: readonly number[]) => {
    const codes = rows().map(({ row }) => row.code);
    untrack(() => dismissIf((code) => before.includes(code) && !codes.includes(code)));
    for (const { alert, row } of rows()) {
      const isShown = untrack(() => toasts.list.some((toast) => toast.code === row.code));
      if (row.severity === 'medium' && !isShown) {
        const { plugins } = session.state;
        void toasts.showCode(row.code, undefined, plugins[alert.instanceId ?? '']?.name);
      }
    }
    return codes;
  }, []);
  // A note may come later than the condition it tells of.
  createEffect(() =>
    dismissIf((code) => rows().some(({ row }) => row.code === code && row.severity === 'critical')),
  );
};
