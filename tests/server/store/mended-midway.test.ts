/** The session file is damaged while FlowZone runs: what was acknowledged is there, and saving goes on. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  makeStoreWorker,
  StoreClient,
  type StoreWorkerEvents,
} from '../../../server/session/store/client.ts';
import { databasePath } from '../../../server/session/store/mend.ts';
import type { MendedStore } from '../../../server/session/store/stored.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const root = makeFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const makeStage = async () => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  const mended: MendedStore[] = [];
  let worker: StoreWorkerEvents | null = null;
  const store = new StoreClient({
    makeWorker(events) {
      worker = events;
      return makeStoreWorker(events);
    },
    onFailure: () => undefined,
    onMended: (what) => mended.push(what),
  });
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 1, newSessionName: 'S' } as const;
  const { sessionId } = await store.read(anyOpen);
  const write = (request: StoreWrite) =>
    new Promise<boolean>((resolve) =>
      store.write(
        request,
        () => resolve(true),
        () => resolve(false),
      ),
    );
  const journal = join(folder, 'journal');
  return {
    store,
    mended,
    sessionId,
    write,
    begin: () =>
      write({ kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 }),
    addRiff(seq: number, takes: readonly string[] = []) {
      const riff = makeRiff(`r${seq}`, seq === 0 ? null : `r${seq - 1}`, seq, takes);
      const rows = takes.map((id) => makeTake(id));
      return write({ kind: 'riff', sessionId, riff, takes: rows, gridShift: 0, moveId: `m${seq}` });
    },
    riffs: async () =>
      (await store.read({ kind: 'riffs', sessionId, afterSeq: -1 })).map(({ id }) => id),
    /** Rows land, lines do not: as when a full disk has the ballast's room left. */
    async withoutJournal(act: () => Promise<unknown>) {
      renameSync(journal, `${journal}-away`);
      writeFileSync(journal, '');
      await act();
      rmSync(journal);
      renameSync(`${journal}-away`, journal);
    },
    /** Another file, so that nothing the dead worker still holds comes into it. */
    damage() {
      for (const part of ['', '-wal', '-shm']) rmSync(databasePath(folder) + part);
      writeFileSync(databasePath(folder), 'no database'.repeat(900));
      worker?.onDeath('the session file is damaged');
    },
  };
};

describe('a session file that is damaged while FlowZone runs', () => {
  test('comes back with what the journal could not take, and saving goes on', async () => {
    const stage = await makeStage();
    await stage.begin();
    await stage.addRiff(0);
    await stage.withoutJournal(() => stage.addRiff(1, ['t1']));
    stage.damage();
    expect(await stage.addRiff(2, ['t2'])).toBeTrue();
    expect(stage.mended).toMatchObject([{ missingCount: 0 }]);
    expect(await stage.riffs()).toEqual(['r0', 'r1', 'r2']);
    await stage.store.end(9);
  });

  test('comes back with the run of this engine, also when that is all the journal lacks', async () => {
    const stage = await makeStage();
    await stage.withoutJournal(() => stage.begin());
    await stage.addRiff(0);
    stage.damage();
    expect(await stage.addRiff(1, ['t1'])).toBeTrue();
    // It may happen again before there is a backup.
    stage.damage();
    expect(await stage.addRiff(2, ['t2'])).toBeTrue();
    expect(stage.mended).toMatchObject([{ missingCount: 0 }, { missingCount: 0 }]);
    expect(await stage.riffs()).toEqual(['r0', 'r1', 'r2']);
    // What was put aside first is still there.
    expect(new Set(stage.mended.map(({ asidePath }) => asidePath)).size).toBe(2);
    await stage.store.end(9);
  });
});
