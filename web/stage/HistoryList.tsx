/** Every riff ever made, newest on top; older ones are fetched when asked for. Nothing is lost. */
import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { wallMs } from '../clock.ts';
import { usePage } from '../use-session.ts';
import { createRiffRows } from './create-riff-rows.ts';
import { FirstSteps } from './FirstSteps.tsx';
import { HistoryRow, type RiffKind } from './HistoryRow.tsx';
import { Icon } from './Icon.tsx';
import s from './History.module.css';

const MINUTE_MS = 20_000;

/** Riffs on the way from the root to the head. */
const ancestors = (rows: ReadonlyMap<string, RiffRow>, head: string): ReadonlySet<string> => {
  const found = new Set<string>();
  for (let id: string | null = head; id !== null && !found.has(id); ) {
    found.add(id);
    id = rows.get(id)?.parentId ?? null;
  }
  return found;
};

const Find = (props: { wanted: string; onWanted: (words: string) => void }) => (
  <label class={s['find']}>
    <Icon name="find" size={16} />
    <input
      type="search"
      aria-label="Find in the history"
      placeholder="Find a riff"
      autocomplete="off"
      spellcheck={false}
      value={props.wanted}
      onInput={({ currentTarget }) => props.onWanted(currentTarget.value.trim())}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || props.wanted === '') return;
        event.stopPropagation();
        event.preventDefault();
        props.onWanted('');
      }}
    />
  </label>
);

export const HistoryList = (props: { isBare?: boolean; onDone?: () => void }) => {
  const { open, session } = usePage();
  const [wanted, setWanted] = createSignal('');
  const { byId, ids, loadOlder, hasMore } = createRiffRows(wanted);
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
      <Show when={session.state.history.count > 1}>
        <Find wanted={wanted()} onWanted={setWanted} />
      </Show>
      <div class={s['list']} tabindex="-1">
        <Show when={ids().length === 0}>
          <p class={s['none']} role="status">
            No riff like that. All of them are still here.
          </p>
        </Show>
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
                    isFound={wanted() !== ''}
                    nowMs={Math.max(now(), riff().tsMs)}
                    onRecall={() => recall(id)}
                  />
                )}
              </Show>
            )}
          </For>
        </ol>
        <FirstSteps />
        <Show when={hasMore()}>
          <button type="button" class={`control ${s['moreRows']}`} onClick={() => void loadOlder()}>
            Older riffs
          </button>
        </Show>
      </div>
      <p class={s['foot']}>
        <Icon name="repeat" size={15} />
        <span>A tap loads on the next bar; the arrow puts its loop into a slot.</span>
      </p>
    </section>
  );
};
