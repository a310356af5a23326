/** Rows of the history: the newest from the state, older ones when asked for, and those looked for. */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { isRiffLike } from '../music/find-riffs.ts';
import { usePage } from '../use-session.ts';

const PAGE_ROWS = 50;
const TYPING_MS = 200;

interface RiffPage {
  readonly items: RiffRow[];
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

/** What the server finds in the whole history, a moment after the last letter. */
const createFound = (wanted: Accessor<string>) => {
  const [found, setFound] = createSignal(NONE);
  createEffect(() => {
    const words = wanted();
    setFound(NONE);
    if (words === '') return;
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const page = await fetchPage(`q=${encodeURIComponent(words)}`, ending.signal);
      if (page && !ending.signal.aborted) setFound(page);
    }, TYPING_MS);
    onCleanup(() => {
      clearTimeout(timer);
      ending.abort();
    });
  });
  return () => found().items;
};

const newestFirst = (rows: Iterable<RiffRow>) =>
  [...rows].toSorted((a, b) => b.seq - a.seq).map((row) => row.id);

/** `wanted` is what is looked for; empty = all. */
export const createRiffRows = (wanted: Accessor<string>) => {
  const { session } = usePage();
  const [older, setOlder] = createSignal<readonly RiffRow[]>([]);
  const [isEnd, setEnd] = createSignal(false);
  const found = createFound(wanted);
  const byId = createMemo(() => {
    const rows = new Map<string, RiffRow>();
    for (const row of [...found(), ...older(), ...session.state.history.newest]) {
      rows.set(row.id, row);
    }
    return rows;
  });
  /** Without gaps from the newest on. */
  const whole = createMemo(() => newestFirst([...older(), ...session.state.history.newest]));
  const nameOf = (slot: number) => session.state.slots[slot]?.name ?? '';
  const ids = createMemo(() => {
    if (wanted() === '') return [...new Set(whole())];
    const told = new Set(found().map(({ id }) => id));
    return newestFirst(
      [...byId().values()].filter((row) => told.has(row.id) || isRiffLike(row, nameOf, wanted())),
    );
  });
  const loadOlder = async () => {
    const before = whole().at(-1);
    if (before === undefined) return;
    const page = await fetchPage(`before=${encodeURIComponent(before)}`);
    if (!page) return;
    setOlder([...older(), ...page.items]);
    if (page.items.length === 0 || page.next === null) setEnd(true);
  };
  const hasMore = () => wanted() === '' && !isEnd() && ids().length < session.state.history.count;
  return { byId, ids, loadOlder, hasMore };
};
