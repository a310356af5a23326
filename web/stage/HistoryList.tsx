/** Every riff ever made, newest on top; older ones are fetched when asked for. Nothing is lost. */
import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { wallMs } from '../clock.ts';
import { usePage } from '../use-session.ts';
import { HistoryRow, type RiffKind } from './HistoryRow.tsx';
import { Icon } from './Icon.tsx';
import s from './History.module.css';

const PAGE_ROWS = 50;
const MINUTE_MS = 20_000;

interface RiffPage {
  readonly items: RiffRow[];
  readonly next: string | null;
}

/** Riffs on the way from the root to the head. */
const ancestors = (rows: ReadonlyMap<string, RiffRow>, head: string): ReadonlySet<string> => {
  const found = new Set<string>();
  for (let id: string | null = head; id !== null && !found.has(id); ) {
    found.add(id);
    id = rows.get(id)?.parentId ?? null;
  }
  return found;
};

const createRows = () => {
  const { session } = usePage();
  const [older, setOlder] = createSignal<readonly RiffRow[]>([]);
  const [isEnd, setEnd] = createSignal(false);
  const byId = createMemo(() => {
    const rows = new Map<string, RiffRow>();
    for (const row of older()) rows.set(row.id, row);
    for (const row of session.state.history.newest) rows.set(row.id, row);
    return rows;
  });
  const ids = createMemo(() =>
    [...byId().values()].toSorted((a, b) => b.seq - a.seq).map((row) => row.id),
  );
  const loadOlder = async () => {
    const before = ids().at(-1);
    if (before === undefined) return;
    try {
      const path = `api/riffs?before=${encodeURIComponent(before)}&limit=${PAGE_ROWS}`;
      const page = (await (await fetch(path)).json()) as RiffPage;
      if (!Array.isArray(page.items)) return;
      setOlder([...older(), ...page.items]);
      if (page.items.length === 0 || page.next === null) setEnd(true);
    } catch {
      // The line is down: the button stays, and says so by doing nothing.
    }
  };
  const hasMore = () => !isEnd() && ids().length < session.state.history.count;
  return { byId, ids, loadOlder, hasMore };
};

export const HistoryList = (props: { isBare?: boolean; onDone?: () => void }) => {
  const { open, session } = usePage();
  const { byId, ids, loadOlder, hasMore } = createRows();
  const [now, setNow] = createSignal(wallMs());
  const [coming, setComing] = createSignal('');
  const timer = setInterval(() => setNow(wallMs()), MINUTE_MS);
  const shownFirst = new Set(ids());
  onCleanup(() => clearInterval(timer));

  const redo = createMemo(() => new Set(session.state.history.redoIds));
  const line = createMemo(() => ancestors(byId(), session.state.history.head));
  const kindOf = (id: string): RiffKind => {
    if (id === session.state.history.head) return 'head';
    if (redo().has(id)) return 'redo';
    return line().has(id) ? 'past' : 'side';
  };

  const recall = (riffId: string) => {
    setComing(riffId);
    void session.run({ cmd: 'RECALL_RIFF', riffId, when: 'bar' }).then(() => setComing(''));
    props.onDone?.();
  };

  return (
    <section class={s['panel']} data-bare={props.isBare === true} aria-label="History">
      <div class={s['top']}>
        <h2>History</h2>
        <span>
          {session.state.history.count} {session.state.history.count === 1 ? 'riff' : 'riffs'}
        </span>
        <button type="button" class="control" onClick={() => open('export')}>
          <Icon name="save" size={16} />
          Export
        </button>
      </div>
      <div class={s['list']} tabindex="-1">
        <ol>
          <For each={ids()}>
            {(id, index) => (
              <Show when={byId().get(id)}>
                {(riff) => (
                  <HistoryRow
                    riff={riff()}
                    kind={kindOf(id)}
                    isFresh={!shownFirst.has(id)}
                    isComing={coming() === id}
                    isLast={index() === ids().length - 1 && !hasMore()}
                    nowMs={Math.max(now(), riff().tsMs)}
                    onRecall={() => recall(id)}
                  />
                )}
              </Show>
            )}
          </For>
        </ol>
        <Show when={hasMore()}>
          <button type="button" class={`control ${s['moreRows']}`} onClick={() => void loadOlder()}>
            Older riffs
          </button>
        </Show>
      </div>
      <p class={s['foot']}>
        <Icon name="repeat" size={15} />
        <span>A tap loads on the next bar.</span>
      </p>
    </section>
  );
};
