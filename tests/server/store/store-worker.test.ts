/** The store behind its real worker, on a folder of its own. */
import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { historyOf, loadSession } from '../../../server/session/load-session.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';
import { openRequest } from './store-puppets.ts';

const folder = makeFolder();

describe('the real worker', () => {
  test('brings a session back with its takes, its tree and every way forward', async () => {
    const first = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
    const opened = await first.read(openRequest(folder));
    const { sessionId } = opened;
    expect(opened).toMatchObject({ head: null, openRunId: null, mix: null });
    first.write({
      kind: 'beginRun',
      runId: RUN_ID,
      sessionId,
      rateHz: 48_000,
      atMs: 2,
      gridShift: 0,
    });
    const root = makeRiff('root', null, 0);
    const riff = makeRiff('a', 'root', 1, { 2: 't1' });
    first.write({ kind: 'riff', sessionId, riff: root, takes: [], gridShift: 0, moveId: 'm0' });
    first.write({
      kind: 'riff',
      sessionId,
      riff,
      takes: [makeTake('t1')],
      gridShift: 0,
      moveId: 'm1',
    });
    first.write({
      kind: 'head',
      sessionId,
      from: 'a',
      to: 'root',
      cause: 'UNDO',
      gridShift: 0,
      atMs: 3,
      moveId: 'm2',
    });
    // Another branch that was begun later, left, and the first one gone through again.
    const other = makeRiff('b', 'root', 2);
    first.write({ kind: 'riff', sessionId, riff: other, takes: [], gridShift: 0, moveId: 'm3' });
    const move = { kind: 'head', sessionId, gridShift: 0, atMs: 3 } as const;
    first.write({ ...move, from: 'b', to: 'a', cause: 'RECALL', moveId: 'm4' });
    first.write({ ...move, from: 'a', to: 'root', cause: 'UNDO', moveId: 'm5' });
    expect(await first.end(9)).toBeTrue();

    const second = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
    const loaded = await loadSession(second, await second.read(openRequest(folder)));
    expect(loaded.takes.map(({ take }) => take)).toEqual([makeTake('t1')]);
    const history = historyOf(loaded, new Takes(folder), () => {
      throw new Error('there is a root');
    });
    expect(history.head.id).toBe('root');
    expect(history.redoTarget()).toEqual(riff);
    await second.end(9);
  });

  test('a folder that cannot be used is an answer, not a crash', async () => {
    const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
    const bad = join(folder, 'file');
    await Bun.write(bad, 'no folder');
    await expect(store.read(openRequest(bad))).rejects.toThrow();
    await store.end(9);
  });
});
