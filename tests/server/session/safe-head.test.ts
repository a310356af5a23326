/** A start that loads no loop by itself leaves the head where the player left it, for the next one. */
import { expect, test } from 'bun:test';
import { rootRiff } from '../../../server/session/load-session.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { SafeHead } from '../../../server/session/riffs/safe-head.ts';
import type { HeadMove } from '../../../server/session/store/stored.ts';
import type { HeadCause } from '../../../server/session/store/write-requests.ts';

/** A session of root, a and b that remembers its moves. */
const session = () => {
  const root = rootRiff('root', 0, 120);
  const moves: HeadMove[] = [];
  const add = (from: string | null, to: string, cause: HeadCause) =>
    moves.push({ seq: moves.length + 1, from, to, cause });
  const load = () => {
    const history = new History(root);
    history.restore({ ...root, id: 'a', parentId: 'root', seq: 1 });
    history.restore({ ...root, id: 'b', parentId: 'a', seq: 2 });
    history.replay(moves);
    return history;
  };
  add(null, 'root', 'COMMIT');
  add('root', 'a', 'COMMIT');
  add('a', 'b', 'COMMIT');
  return {
    add,
    load,
    start(isBare: boolean) {
      const history = load();
      const safeHead = new SafeHead(moves, history);
      const made = safeHead.stand(isBare);
      for (const { from, to, cause } of made) add(from, to, cause);
      return { head: history.head.id, redo: history.redoTarget()?.id, made: made.length };
    },
  };
};

test('bare starts stand at the root, and the first one as ever where they came from', () => {
  const { load, start } = session();
  expect(start(true)).toEqual({ head: 'root', redo: 'a', made: 1 });
  expect(start(true)).toEqual({ head: 'root', redo: 'a', made: 0 });
  expect(start(false)).toEqual({ head: 'b', redo: undefined, made: 1 });
  expect(load().head.id).toBe('b');
  expect(start(false)).toEqual({ head: 'b', redo: undefined, made: 0 });
});

test('where the player went in between he stays, also at the root', () => {
  const { add, start } = session();
  start(true);
  add('root', 'a', 'REDO');
  expect(start(false)).toMatchObject({ head: 'a', made: 0 });
  add('a', 'root', 'UNDO');
  expect(start(true)).toMatchObject({ head: 'root', made: 0 });
  expect(start(false)).toMatchObject({ head: 'root', made: 0 });
});
