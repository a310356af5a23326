/**
 * What went wrong, by severity: passing notes, notes that stay, and a banner for what is critical.
 *
 * Conditions come from the state's alerts, so that a page that joins late sees them too.
 */
import { createEffect, createMemo, For, Show, untrack } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import { Icon } from '../stage/Icon.tsx';
import type { Toast } from '../sync/create-toasts.ts';
import { noteOfCode } from '../sync/note-of-code.ts';
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

/** At the end of the column, which makes room for them; over the page or its sheet otherwise. */
export const Toasts = (props: { isOver?: boolean }) => {
  const { hasColumn, session, sheet } = usePage();
  const isInColumn = () => hasColumn() && !sheet();
  return (
    <Show when={isInColumn() !== (props.isOver === true)}>
      <ul
        class={s['toasts']}
        data-place={props.isOver ? 'over' : 'column'}
        aria-live="polite"
        aria-label="Notes"
      >
        <For each={session.toasts.list.filter(({ severity }) => severity !== 'critical')}>
          {(toast) => <ToastView toast={toast} />}
        </For>
      </ul>
    </Show>
  );
};

/** What has to do with keeping sound is said on the strip; all else over the transport. */
const STRIP_CODES: readonly number[] = [1002, 1012];

const createAlertRows = () => {
  const { session } = usePage();
  return createMemo(() =>
    Object.entries(session.state.alerts).flatMap(([id, alert]) => {
      const row = errorByCode(alert.code)?.row;
      return row ? [{ alert, id, row }] : [];
    }),
  );
};

/** The worst first: the lower its code, the more hangs on what failed. */
const worstFirst = <Trouble extends { readonly code: number }>(all: Trouble[]) =>
  all.toSorted((a, b) => a.code - b.code);

const createCritical = () => {
  const rows = createAlertRows();
  return () => worstFirst(rows().flatMap(({ row }) => (row.severity === 'critical' ? [row] : [])));
};

/** The worst lasting condition, with what is safe in the same sentence; told by a message only, it can be closed. */
export const CriticalBanner = () => {
  const { session, sheet } = usePage();
  const critical = createCritical();
  const all = createMemo(() => {
    const lasting = critical()
      // Under a sheet nobody sees the strip.
      .filter(({ code }) => sheet() || !STRIP_CODES.includes(code))
      .map(({ action, code, safe, says }) => ({ code, says, text: `${safe} ${action}`, id: 0 }));
    const told = session.toasts.list.flatMap(({ code, id, severity, text, title }) =>
      severity === 'critical' && code !== undefined ? [{ code, says: title, text, id }] : [],
    );
    return worstFirst([...lasting, ...told]);
  });
  return (
    <Show when={session.status() === 'live' && all()[0]}>
      {(worst) => (
        <div class={`${bar['bar']} ${bar['banner']}`} role="alert">
          <Icon name="panic" size={20} />
          <p class={bar['words']}>
            <b>{worst().says}</b>{' '}
            <span>
              {worst().text}
              <small>{worst().code}</small>
              <Show when={all().length > 1}> and {all().length - 1} more</Show>&nbsp;&nbsp;
            </span>
          </p>
          <Show when={worst().id > 0}>
            <button
              type="button"
              class={s['close']}
              aria-label="Close this note"
              onClick={() => session.toasts.dismiss(worst().id)}
            >
              <Icon name="close" size={16} />
            </button>
          </Show>
        </div>
      )}
    </Show>
  );
};

/** A critical condition of disk or store, on the strip it concerns. */
export const StripAlert = () => {
  const critical = createCritical();
  return (
    <Show when={critical().find(({ code }) => STRIP_CODES.includes(code))}>
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
  createEffect((before: ReadonlyMap<string, number>) => {
    const now = new Map(rows().map(({ alert, id }) => [id, alert.code]));
    const codes = [...now.values()];
    const ended = [...before.values()].filter((code) => !codes.includes(code));
    const begun = rows().filter(({ id, row }) => row.severity === 'medium' && !before.has(id));
    untrack(() => {
      dismissIf((code) => ended.includes(code));
      // Only one that begins: one that was closed does not come back with the next of another kind.
      for (const { alert, row } of begun) {
        if (toasts.list.some((toast) => toast.code === row.code)) continue;
        const { plugins } = session.state;
        toasts.show(...noteOfCode(row.code, undefined, plugins[alert.instanceId ?? '']?.name));
      }
    });
    return now;
  }, new Map());
  // A note may come later than the condition it tells of.
  createEffect(() =>
    dismissIf((code) => rows().some(({ row }) => row.code === code && row.severity === 'critical')),
  );
};
