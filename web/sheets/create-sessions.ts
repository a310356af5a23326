/** The sessions there are, and what can be done with them. */
import { createEffect, createSignal, on } from 'solid-js';
import type { SessionRow } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';

const PAGE = 50;

interface Page {
  readonly items: readonly SessionRow[];
  readonly next: string | null;
}

const load = async (before: string | null): Promise<Page | undefined> => {
  try {
    const address = `api/sessions?limit=${PAGE}${before === null ? '' : `&before=${before}`}`;
    const answer = await fetch(address);
    return answer.ok ? ((await answer.json()) as Page) : undefined;
  } catch {
    // The line is down: what was shown stays.
    return undefined;
  }
};

export const createSessions = () => {
  const { session } = usePage();
  const [rows, setRows] = createSignal<readonly SessionRow[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const { ask, isWaiting, why } = createAsk();

  const show = async (before: string | null) => {
    const page = await load(before);
    if (!page) return;
    setRows(before === null ? page.items : [...rows(), ...page.items]);
    setNext(page.next);
  };
  const read = () => show(null);

  const meta = () => session.state.meta;
  createEffect(on([() => meta().sessionId, () => meta().sessionName], () => void read()));

  return {
    rows,
    hasMore: () => next() !== null,
    more: () => void show(next()),
    why,
    canAct: () => session.isLive() && !isWaiting(),
    create: () => ask({ cmd: 'NEW_SESSION' }),
    open: (sessionId: string) => ask({ cmd: 'OPEN_SESSION', sessionId }),
    async rename(sessionId: string, name: string) {
      const isDone = await ask({ cmd: 'RENAME_SESSION', sessionId, name });
      if (isDone) await read();
      return isDone;
    },
  };
};

export type Sessions = ReturnType<typeof createSessions>;
