/** Reads what the store remembers of a session, page by page. */
import type { StoredPlugin } from './chains/stored-plugin.ts';
import { History } from './riffs/history.ts';
import type { CachedSound } from './sounds/sound-cache.ts';
import { LABELS, type Riff } from './riffs/riff.ts';
import type { StoreReader } from './store/client.ts';
import { STORE_PAGE } from './store/port.ts';
import type {
  HeadMove,
  OpenedStore,
  StoredMark,
  StoredPluginRow,
  StoredSession,
  StoredSound,
  StoredTake,
} from './store/stored.ts';
import type { Takes } from './takes/takes.ts';

export interface LoadedSession<Opened extends StoredSession = OpenedStore> {
  readonly opened: Opened;
  readonly riffs: readonly Riff[];
  readonly takes: readonly StoredTake[];
  readonly moves: readonly HeadMove[];
  readonly plugins: readonly StoredPlugin[];
  /** Absent = none. */
  readonly marks?: readonly StoredMark[];
}

const pages = async <T>(ask: (last: T | undefined) => Promise<readonly T[]>): Promise<T[]> => {
  const all: T[] = [];
  for (;;) {
    const page = await ask(all.at(-1));
    all.push(...page);
    if (page.length < STORE_PAGE) return all;
  }
};

export const loadSession = async <Opened extends StoredSession>(
  store: StoreReader,
  opened: Opened,
): Promise<LoadedSession<Opened>> => {
  const { sessionId } = opened;
  const [takes, riffs, moves, plugins, marks] = await Promise.all([
    pages<StoredTake>((last) => store.read({ kind: 'takes', sessionId, afterRow: last?.row ?? 0 })),
    pages<Riff>((last) => store.read({ kind: 'riffs', sessionId, afterSeq: last?.seq ?? -1 })),
    pages<HeadMove>((last) => store.read({ kind: 'moves', sessionId, afterSeq: last?.seq ?? 0 })),
    pages<StoredPluginRow>((last) =>
      store.read({ kind: 'plugins', sessionId, afterRow: last?.row ?? 0 }),
    ),
    pages<StoredMark>((last) => store.read({ kind: 'marks', sessionId, afterRow: last?.row ?? 0 })),
  ]);
  return { opened, riffs, takes, moves, plugins: plugins.map(({ plugin }) => plugin), marks };
};

/** Of every session: what was rendered for one may be played in another. */
export const loadCached = async (store: StoreReader): Promise<CachedSound[]> => {
  const rows = await pages<StoredSound>((last) =>
    store.read({ kind: 'cached', afterRow: last?.row ?? 0 }),
  );
  return rows.map(({ sound }) => sound);
};

/** The tree as it was, with every branch's way back; a new session begins with an empty root. */
export const historyOf = (
  loaded: LoadedSession<StoredSession>,
  takes: Takes,
  makeRoot: () => Riff,
): History => {
  const [root, ...others] = loaded.riffs;
  const history = new History(root ?? makeRoot(), (id) => takes.drySide(id)?.takeId);
  for (const riff of others) history.restore(riff);
  for (const { label, riffId } of loaded.marks ?? []) history.setMark(riffId, label);
  history.replay(loaded.moves);
  const head = loaded.opened.head?.riffId;
  if (head !== undefined && head !== history.head.id && history.get(head)) history.moveTo(head);
  return history;
};

export const restoreTakes = (loaded: LoadedSession<StoredSession>, takes: Takes): void => {
  for (const { dry, take, files, isSettled } of loaded.takes) {
    takes.restore(take);
    if (dry) takes.setDrySide(take.id, dry);
    for (const file of files) takes.setFile(file);
    if (isSettled) takes.setGone(take.id);
  }
};

export const rootRiff = (id: string, tsMs: number, bpm: number): Riff => ({
  id,
  parentId: null,
  seq: 0,
  tsMs,
  cause: 'ROOT',
  slot: null,
  bars: 0,
  label: LABELS.root(),
  bpm,
  meter: { beats: 4, unit: 4 },
  slots: [],
});
