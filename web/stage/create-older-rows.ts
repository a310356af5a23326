/** Rows before the newest that the state holds, fetched when asked for; without gaps up to those. */
import { createComputed, createMemo, createSignal, untrack } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';

interface Newest {
  readonly sessionId: string;
  readonly rows: readonly RiffRow[];
}

const NOTHING: Newest = { sessionId: '', rows: [] };

/** @param onOther The rows belong to another session now, or are too far from those before. */
export const createOlderRows = (onOther: () => void) => {
  const { session } = usePage();
  const [older, setOlder] = createSignal<readonly RiffRow[]>([]);
  const [isEnd, setEnd] = createSignal(false);
  const newest = createMemo(
    (): Newest => ({
      sessionId: session.state.meta.sessionId,
      // Patches write into the rows of the state.
      rows: session.state.history.newest.map((row) => ({ ...row })),
    }),
  );
  // Before anything is drawn: a row that the newest push out stays where it is.
  createComputed((before: Newest) => {
    const now = newest();
    const ids = new Set(now.rows.map(({ id }) => id));
    const gone = before.rows.filter(({ id }) => !ids.has(id));
    if (now.sessionId !== before.sessionId || gone.length === before.rows.length) {
      setOlder([]);
      setEnd(false);
      onOther();
    } else if (untrack(older).length > 0) setOlder([...gone, ...untrack(older)]);
    return now;
  }, NOTHING);
  return {
    rows: older,
    isEnd,
    /** `next` = null: nothing is before them. */
    add(page: { readonly items: readonly RiffRow[]; readonly next: string | null }) {
      setOlder([...older(), ...page.items]);
      if (page.items.length === 0 || page.next === null) setEnd(true);
    },
  };
};
