/** The plug-ins of the computer that makes the sound: the list, what of it is looked for, a new look. */
import { createEffect, createMemo, createSignal, on } from 'solid-js';
import type { PluginRow, RefusedBundle } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';

export type Kind = 'all' | PluginRow['kind'];

/** So many rows at first: more are looked for by name, or asked for. */
const SHOWN = 60;

interface List {
  readonly items: readonly PluginRow[];
  readonly refused: readonly RefusedBundle[];
}

const load = async (): Promise<List | undefined> => {
  try {
    const answer = await fetch('api/plugins');
    return answer.ok ? ((await answer.json()) as List) : undefined;
  } catch {
    // The line is down: what was shown stays.
    return undefined;
  }
};

const wordsOf = ({ categories, kind, name, vendor }: PluginRow): string =>
  [name, vendor, kind, ...categories].join(' ').toLowerCase();

/** Every word of what is looked for, in any order. */
const fits = (row: PluginRow, wanted: readonly string[]): boolean => {
  const words = wordsOf(row);
  return wanted.every((each) => words.includes(each));
};

export const createPlugins = () => {
  const { session } = usePage();
  const [list, setList] = createSignal<List>();
  const [text, setText] = createSignal('');
  const [kind, setKind] = createSignal<Kind>('all');
  const [most, setMost] = createSignal(SHOWN);
  const { ask, isWaiting, why } = createAsk();

  const about = () => session.state.pluginList;
  createEffect(
    on(
      () => about().revision,
      () =>
        void load().then((found) => {
          if (found) setList(found);
        }),
    ),
  );

  const found = createMemo(() => {
    const wanted = text().toLowerCase().split(/\s+/).filter(Boolean);
    const items = list()?.items ?? [];
    return items.filter((row) => (kind() === 'all' || row.kind === kind()) && fits(row, wanted));
  });
  const job = createMemo(() =>
    Object.entries(session.state.jobs).find(([, each]) => each.kind === 'rescan'),
  );
  const running = () => (job()?.[1].state === 'running' ? job() : undefined);

  return {
    /** False until the list has come for the first time. */
    isHere: () => list() !== undefined,
    isEmpty: () => list()?.items.length === 0 && list()?.refused.length === 0,
    found,
    shown: () => found().slice(0, most()),
    showMore: () => setMost(most() + SHOWN * 4),
    refused: () => list()?.refused ?? [],
    waiting: () => about().waiting,
    text,
    setText(next: string) {
      setText(next);
      setMost(SHOWN);
    },
    kind,
    setKind(next: Kind) {
      setKind(next);
      setMost(SHOWN);
    },
    why,
    canAsk: () => session.isLive() && !isWaiting() && !running(),
    rescan: () => void ask({ cmd: 'RESCAN_PLUGINS' }),
    /** The look that is on, or the one that ended last. */
    job: () => job()?.[1],
    cancel() {
      const now = running();
      if (now) void ask({ cmd: 'CANCEL_JOB', jobId: now[0] });
    },
  };
};

export type Plugins = ReturnType<typeof createPlugins>;
