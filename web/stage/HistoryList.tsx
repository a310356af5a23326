/** Every riff ever made, newest on top; older ones are fetched when asked for. Nothing is lost. */
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { wallMs } from '../clock.ts';
import { usePage } from '../use-session.ts';
import { createRecall } from './create-recall.ts';
import { createRiffRows } from './create-riff-rows.ts';
import { createRowWindow } from './create-row-window.ts';
import { FirstSteps } from './FirstSteps.tsx';
import { HistoryRow, type RiffKind } from './HistoryRow.tsx';
import { Icon } from './Icon.tsx';
import { StarPicture } from './RiffMark.tsx';
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

interface FindProps {
  readonly wanted: string;
  readonly onWanted: (words: string) => void;
  readonly isMarkedOnly: boolean;
  readonly onMarkedOnly: (isOnly: boolean) => void;
}

const Find = (props: FindProps) => (
  <div class={s['finder']}>
    <label class={s['find']}>
      <Icon name="find" size={16} />
      <input
        type="search"
        aria-label="Find in the history"
        placeholder="Find a riff"
        title="Words, slot names, stars, 92 bpm, 3/4, 14:05"
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
    <button
      type="button"
      class="control"
      aria-pressed={props.isMarkedOnly}
      aria-label="Only riffs with a star"
      title="Only riffs with a star"
      onClick={() => props.onMarkedOnly(!props.isMarkedOnly)}
    >
      <StarPicture isOn={props.isMarkedOnly} />
    </button>
  </div>
);

const Nothing = (props: { words: string; isMarkedOnly: boolean }) => (
  <p class={s['none']} role="status">
    <Show when={props.words === '' && props.isMarkedOnly} fallback="No riff like that.">
      No riff has a star yet: press the star of one.
    </Show>{' '}
    All of them are still here.
  </p>
);

export const HistoryList = (props: { isBare?: boolean; onDone?: () => void }) => {
  const { hasColumn, isDocked, open, panel, session } = usePage();
  const [wanted, setWanted] = createSignal('');
  const [isMarkedOnly, setMarkedOnly] = createSignal(false);
  const { byId, ids, loadOlder, hasMore, isFiltered, setMark } = createRiffRows({
    words: wanted,
    isMarkedOnly,
  });
  const [now, setNow] = createSignal(wallMs());
  const { coming, recall } = createRecall();
  const timer = setInterval(() => setNow(wallMs()), MINUTE_MS);
  const known = new Set(ids());
  onCleanup(() => clearInterval(timer));

  const redo = createMemo(() => new Set(session.state.history.redoIds));
  const line = createMemo(() => ancestors(byId(), session.state.history.head));
  const kindOf = (id: string): RiffKind => {
    if (id === session.state.history.head) return 'head';
    if (redo().has(id)) return 'redo';
    return line().has(id) ? 'past' : 'side';
  };

  let list: HTMLElement | undefined;
  const { abovePx, belowPx, reveal, shown } = createRowWindow(ids, () => list);
  // Asked for by name: it shows where the music is now, which may be far down.
  createEffect(() => {
    if (panel() !== 'history') return;
    requestAnimationFrame(() => {
      reveal(session.state.history.head);
      const head = list?.querySelector<HTMLElement>('[data-kind="head"]');
      head?.scrollIntoView({ block: 'center' });
      if (!hasColumn()) return;
      head?.focus({ preventScroll: true });
      open('none');
    });
  });

  return (
    <section
      class={s['panel']}
      data-bare={props.isBare === true}
      data-waits={isDocked()}
      aria-label="History"
    >
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
        <Find
          wanted={wanted()}
          onWanted={setWanted}
          isMarkedOnly={isMarkedOnly()}
          onMarkedOnly={setMarkedOnly}
        />
      </Show>
      <div ref={(element) => (list = element)} class={s['list']} tabindex="-1">
        <Show when={ids().length === 0}>
          <Nothing words={wanted()} isMarkedOnly={isMarkedOnly()} />
        </Show>
        <ol style={{ 'padding-top': `${abovePx()}px`, 'padding-bottom': `${belowPx()}px` }}>
          <For each={shown()}>
            {(id) => {
              const isFresh = !known.has(id);
              known.add(id);
              return (
                <Show when={byId().get(id)}>
                  {(riff) => (
                    <HistoryRow
                      riff={riff()}
                      kind={kindOf(id)}
                      isFresh={isFresh}
                      isComing={coming() === id}
                      isLast={id === ids().at(-1) && !hasMore()}
                      isFound={isFiltered()}
                      nowMs={Math.max(now(), riff().tsMs)}
                      onRecall={(pressedMs) => {
                        recall(id, pressedMs);
                        props.onDone?.();
                      }}
                      onMark={(label) => setMark(id, label)}
                    />
                  )}
                </Show>
              );
            }}
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
        <span>A tap loads on the next bar. Drag a riff onto a slot to put its loop there.</span>
      </p>
    </section>
  );
};
