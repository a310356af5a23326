/** Sessions: begin one, open one, call it something; and what all of them take up. */
import { For, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { createSessions } from './create-sessions.ts';
import { RemovedSessions } from './RemovedSessions.tsx';
import { SessionLine } from './SessionLine.tsx';
import { Sheet, SheetHead } from './Sheet.tsx';
import { StorageLines } from './StorageLines.tsx';
import { SupportLine } from './SupportLine.tsx';
import s from './MoreSheet.module.css';

export const SessionsSheet = () => {
  const page = usePage();
  const sessions = createSessions();
  const close = () => page.open('none');
  const begin = () =>
    void sessions.create().then((isBegun) => {
      if (isBegun) close();
    });
  return (
    <Sheet label="Sessions" isTall>
      <SheetHead title="Sessions" />
      <div class={s['body']}>
        <div class={s['line']}>
          <span>
            New session
            <small>Empty slots, a history of its own; this one is kept as it is</small>
          </span>
          <button type="button" class="control" disabled={!sessions.canAct()} onClick={begin}>
            New
          </button>
        </div>
        <p class={s['missing']} role="alert">
          {sessions.why()}
        </p>
        <ul class={s['list']} aria-label="Sessions, the last used first">
          <For each={sessions.rows()}>
            {(row) => <SessionLine row={row} sessions={sessions} onOpened={close} />}
          </For>
        </ul>
        <Show when={sessions.hasMore()}>
          <button type="button" class="control" onClick={sessions.more}>
            Older sessions
          </button>
        </Show>
        <RemovedSessions sessions={sessions} />
        <StorageLines />
        <SupportLine />
      </div>
    </Sheet>
  );
};
