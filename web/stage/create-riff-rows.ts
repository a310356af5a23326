/** Rows of the history: the newest from the state, older ones when asked for, and those looked for. */
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { isRiffLike } from '../music/find-riffs.ts';
import { usePage } from '../use-session.ts';
import { createOlderRows } from './create-older-rows.ts';

const PAGE_ROWS = 50;
const TYPING_MS = 200;

interface RiffPage {
  readonly items: readonly RiffRow[];
  readonly next: string | null;
}

const NONE: RiffPage = { items: [], next: null };

/** Nothing while the line is down. */
const fetchPage = async (query: string, signal?: AbortSignal): Promise<RiffPage | undefined> => {
  try {
    const answer = await fetch(`api/riffs?${query}&limit=${PAGE_ROWS}`, signal ? { signal } : {});
    const page = (await answer.json()) as RiffPage;
    return Array.isArray(page.items) ? page : undefined;
  } catch {
    return undefined;
  }
};

/** The next page that has something, or the last. */
const findPage = async (
  query: string,
  from: string | null,
  signal?: AbortSignal,
): Promise<RiffPage | undefined> => {
  const before = from === null ? '' : `&before=${encodeURIComponent(from)}`;
  const page = await fetchPage(`${query}${before}`, signal);
  const isEmpty = page?.items.length === 0 && page.next !== null;
  return isEmpty ? findPage(query, page.next, signal) : page;
};

/** What is looked for: words, empty = all; and whether only what has a star. */
export interface RiffWish {
  readonly words: Accessor<string>;
  readonly isMarkedOnly: Accessor<boolean>;
}

/** What the server finds in the whole history, a moment after the last letter. */
const createFound = (
  { isMarkedOnly, words }: RiffWish,
  onFresh: (rows: readonly RiffRow[]) => void,
) => {
  const { session } = usePage();
  const [found, setFound] = createSignal(NONE);
  const query = () => `${isMarkedOnly() ? 'marked=1&' : ''}q=${encodeURIComponent(words())}`;
  createEffect(
    on([words, isMarkedOnly, () => session.state.meta.sessionId], ([now, isOnly]) => {
      setFound(NONE);
      if (now === '' && !isOnly) return;
      const ending = new AbortController();
      const ask = async () => {
        const page = await findPage(query(), null, ending.signal);
        if (!page || ending.signal.aborted) return;
        onFresh(page.items);
        setFound(page);
      };
      const timer = setTimeout(ask, now === '' ? 0 : TYPING_MS);
      onCleanup(() => {
        clearTimeout(timer);
        ending.abort();
      });
    }),
  );
  const loadMore = async () => {
    const before = found();
    const page = await findPage(query(), before.next);
    if (!page || found() !== before) return;
    onFresh(page.items);
    setFound({ items: [...before.items, ...page.items], next: page.next });
  };
  return { items: () => found().items, loadMore, hasMore: () => found().next !== null };
};

/** Stars that this page has set: rows beyond the newest are not told again. One that is fetched later knows better. */
const createMarks = () => {
  const [marks, setMarks] = createSignal<ReadonlyMap<string, string | null>>(new Map());
  return {
    clear: () => setMarks(new Map()),
    note: (id: string, label: string | null) => setMarks(new Map(marks()).set(id, label)),
    forget(fresh: readonly RiffRow[]) {
      const ids = new Set(fresh.map(({ id }) => id));
      setMarks(new Map([...marks()].filter(([id]) => !ids.has(id))));
    },
    on(row: RiffRow): RiffRow {
      const label = marks().get(row.id);
      if (label === undefined) return row;
      return { ...row, marked: label !== null, mark: label ?? '' };
    },
  };
};

const newestFirst = (rows: Iterable<RiffRow>) =>
  [...rows].toSorted((a, b) => b.seq - a.seq).map((row) => row.id);

export const createRiffRows = (wish: RiffWish) => {
  const { session } = usePage();
  const { isMarkedOnly, words } = wish;
  const marks = createMarks();
  const older = createOlderRows(marks.clear);
  const found = createFound(wish, marks.forget);
  const isFiltered = () => words() !== '' || isMarkedOnly();
  const byId = createMemo(() => {
    const rows = new Map<string, RiffRow>();
    for (const row of [...found.items(), ...older.rows()]) rows.set(row.id, marks.on(row));
    for (const row of session.state.history.newest) rows.set(row.id, row);
    return rows;
  });
  /** Without gaps from the newest on. */
  const whole = createMemo(() => newestFirst([...older.rows(), ...session.state.history.newest]));
  const nameOf = (slot: number) => session.state.slots[slot]?.name ?? '';
  const ids = createMemo(() => {
    if (!isFiltered()) return [...new Set(whole())];
    const told = new Set(found.items().map(({ id }) => id));
    const isLike = (row: RiffRow) => told.has(row.id) || isRiffLike(row, nameOf, words());
    return newestFirst(
      [...byId().values()].filter((row) => (row.marked || !isMarkedOnly()) && isLike(row)),
    );
  });
  const loadOlder = async () => {
    if (isFiltered()) return found.loadMore();
    const before = whole().at(-1);
    const page = before && (await fetchPage(`before=${encodeURIComponent(before)}`));
    // Of another session by now, or asked for twice.
    if (!page || before !== whole().at(-1)) return undefined;
    marks.forget(page.items);
    older.add(page);
    return undefined;
  };
  const hasMore = () =>
    isFiltered() ? found.hasMore() : !older.isEnd() && ids().length < session.state.history.count;
  /** Empty = without a name; null takes it off. */
  const setMark = (riffId: string, label: string | null) =>
    void session.run({ cmd: 'SET_MARK', riffId, label }).then((answer) => {
      if (answer) marks.note(riffId, label);
    });
  return { byId, ids, loadOlder, hasMore, isFiltered, setMark };
};
