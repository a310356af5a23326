/** The sessions there are, and what can be done with them. */
import { createEffect, createSignal, on } from 'solid-js';
import type { SessionRow } from '../../protocol/link.ts';
import type { Wish } from '../sync/make-requests.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';

const PAGE = 50;

interface Page {
  readonly items: readonly SessionRow[];
  readonly next: string | null;
}

const load = async (before: string | null, removed = false): Promise<Page | undefined> => {
  try {
    const more = `${before === null ? '' : `&before=${before}`}${removed ? '&removed=1' : ''}`;
    const answer = await fetch(`api/sessions?limit=${PAGE}${more}`);
    return answer.ok ? ((await answer.json()) as Page) : undefined;
  } catch {
    // The line is down: what was shown stays.
    return undefined;
  }
};

export const createSessions = () => {
  const { session } = usePage();
  const [rows, setRows] = createSignal<readonly SessionRow[]>([]);
  const [removed, setRemoved] = createSignal<readonly SessionRow[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const { ask, isWaiting, why } = createAsk();

  const show = async (before: string | null) => {
    const page = await load(before);
    if (!page) return;
    setRows(before === null ? page.items : [...rows(), ...page.items]);
    setNext(page.next);
  };
  const read = async () => {
    const [page] = await Promise.all([load(null, true), show(null)]);
    if (page) setRemoved(page.items);
  };

  /** Also after a refusal: what was shown is not so. */
  const askAndRead = async (wish: Wish): Promise<boolean> => {
    const isDone = await ask(wish);
    await read();
    return isDone;
  };

  const meta = () => session.state.meta;
  createEffect(on([() => meta().sessionId, () => meta().sessionName], () => void read()));

  return {
    rows,
    removed,
    hasMore: () => next() !== null,
    more: () => void show(next()),
    why,
    canAct: () => session.isLive() && !isWaiting(),
    create: () => ask({ cmd: 'NEW_SESSION' }),
    open: (sessionId: string) => ask({ cmd: 'OPEN_SESSION', sessionId }),
    /** After a refusal nothing is read again: what was typed stays. */
    async rename(sessionId: string, name: string) {
      const isDone = await ask({ cmd: 'RENAME_SESSION', sessionId, name });
      if (isDone) await read();
      return isDone;
    },
    /** With what the player was told that is in it. */
    remove: ({ id: sessionId, riffs }: SessionRow) =>
      askAndRead({ cmd: 'REMOVE_SESSION', sessionId, riffs }),
    restore: (sessionId: string) => askAndRead({ cmd: 'RESTORE_SESSION', sessionId }),
  };
};

export type Sessions = ReturnType<typeof createSessions>;
