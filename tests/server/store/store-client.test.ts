import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyOf, loadSession } from '../../../server/session/load-session.ts';
import {
  makeStoreWorker,
  StoreClient,
  type StoreWorker,
  type StoreWorkerEvents,
} from '../../../server/session/store/client.ts';
import type { StoreQuestion } from '../../../server/session/store/port.ts';
import type { MendedStore, OpenedStore } from '../../../server/session/store/stored.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeInbox } from '../../support/inbox.ts';
import { at } from '../../support/at.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-worker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openRequest = (dataFolder: string) =>
  ({ kind: 'open', dataFolder, atMs: 1, newSessionName: 'S' }) as const;
/** As much of an opened store as the queue looks at. */
const openedStore = (more: Partial<OpenedStore> = {}) => ({
  isReadOnly: false,
  mended: null,
  ...more,
});
const name = (text: string): StoreWrite => ({ kind: 'sessionName', sessionId: 's', name: text });

/** Workers that a test answers for by hand. */
const makePuppets = () => {
  const workers: { events: StoreWorkerEvents; isTerminated: boolean }[] = [];
  const asked = makeInbox<StoreQuestion & { worker: number }>();
  const makeWorker = (events: StoreWorkerEvents): StoreWorker => {
    const worker = workers.length;
    const entry = { events, isTerminated: false };
    workers.push(entry);
    return {
      post: (question) => asked.put({ ...question, worker }),
      terminate: () => {
        entry.isTerminated = true;
      },
    };
  };
  return { workers, asked, makeWorker };
};

describe('the queue in front of the store', () => {
  test('asks one after the other, in order', () => {
    const { asked, makeWorker, workers } = makePuppets();
    const store = new StoreClient({ makeWorker, onFailure: () => undefined });
    const done: string[] = [];
    store.write(name('a'), () => done.push('a'));
    store.write(name('b'), () => done.push('b'));
    expect(asked.items.map((each) => each.request)).toEqual([name('a')]);
    at(workers, 0).events.onAnswer({ seq: at(asked.items, 0).seq, value: null });
    expect(done).toEqual(['a']);
    expect(asked.items.at(-1)?.request).toEqual(name('b'));
  });

  test('hears also of a file that had to be mended when it was opened for the second time', () => {
    const { asked, makeWorker, workers } = makePuppets();
    const heard: MendedStore[] = [];
    const onMended = (mended: MendedStore) => heard.push(mended);
    const store = new StoreClient({ makeWorker, onFailure: () => undefined, onMended });
    store.write(name('a'));
    const how = { why: 'lost', asidePath: null, backupAtMs: null };
    const mended = { ...how, replayedCount: 1, missingCount: 2 };
    at(workers, 0).events.onAnswer({ seq: at(asked.items, 0).seq, value: null, mended });
    expect(heard).toEqual([mended]);
  });

  test('after a death the new worker opens the file and is asked again for what was not acknowledged', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const store = new StoreClient({ makeWorker, onFailure: () => undefined });
    const opened = store.read(openRequest('x'));
    const value = openedStore();
    at(workers, 0).events.onAnswer({ seq: 1, value });
    expect((await opened) as unknown).toBe(value);
    const done: string[] = [];
    store.write(name('a'), () => done.push('a'));
    store.write(name('b'), () => done.push('b'));
    at(workers, 0).events.onDeath('killed');
    expect(at(workers, 0).isTerminated).toBeTrue();
    at(workers, 0).events.onAnswer({ seq: at(asked.items, 1).seq, value: null });
    at(workers, 0).events.onAnswer({ seq: 1, value: null });
    expect(done).toEqual([]);
    expect(asked.items).toHaveLength(3);
    for (let index = 2; index < 5; index += 1) {
      at(workers, 1).events.onAnswer({ seq: at(asked.items, index).seq, value: openedStore() });
    }
    expect(asked.items.slice(2).map((each) => each.request)).toEqual([
      openRequest('x'),
      name('a'),
      name('b'),
    ]);
    expect(done).toEqual(['a', 'b']);
  });

  test('the third death in a row counts as failed, and it goes on trying', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const failures: boolean[] = [];
    const store = new StoreClient({
      makeWorker,
      onFailure: (isOn) => failures.push(isOn),
      retryMs: 1,
    });
    store.write(name('a'));
    for (const index of [0, 1, 2]) at(workers, index).events.onDeath('again');
    expect(failures).toEqual([true]);
    await asked.reach(4);
    at(workers, 3).events.onAnswer({ seq: 1, value: null });
    expect(failures).toEqual([true, false]);
  });

  test('a file that cannot be opened again at once is tried again, and nothing is written before', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const store = new StoreClient({ makeWorker, onFailure: () => undefined, retryMs: 1 });
    const opened = store.read(openRequest('x'));
    at(workers, 0).events.onAnswer({ seq: 1, value: openedStore() });
    await opened;
    const done: string[] = [];
    store.write(name('a'), () => done.push('a'));
    at(workers, 0).events.onDeath('killed');
    at(workers, 1).events.onAnswer({ seq: 1, error: 'no such device', isPermanent: true });
    await asked.reach(4);
    for (const index of [3, 4]) {
      at(workers, 1).events.onAnswer({ seq: at(asked.items, index).seq, value: openedStore() });
    }
    expect(asked.items.slice(2).map((each) => each.request)).toEqual([
      openRequest('x'),
      openRequest('x'),
      name('a'),
    ]);
    expect(done).toEqual(['a']);
  });

  test('a write that failed for now is asked again before the ones behind it', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const failures: boolean[] = [];
    const store = new StoreClient({
      makeWorker,
      onFailure: (isOn) => failures.push(isOn),
      retryMs: 1,
    });
    store.write(name('a'));
    store.write(name('b'));
    at(workers, 0).events.onAnswer({ seq: 1, error: 'disk is full', isPermanent: false });
    await asked.reach(2);
    expect(asked.items.map((each) => each.seq)).toEqual([1, 1]);
    at(workers, 0).events.onAnswer({ seq: 1, value: null });
    expect(asked.items.at(-1)?.request).toEqual(name('b'));
    expect(failures).toEqual([true, false]);
  });

  test('what makes room goes past a write that was refused, which still counts as failed', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const failures: boolean[] = [];
    const onFailure = (isOn: boolean) => void failures.push(isOn);
    const store = new StoreClient({ makeWorker, onFailure, retryMs: 20 });
    const forget = { kind: 'forget', runId: RUN_ID, segments: [] } as const;
    store.write(name('a'));
    store.write(name('b'));
    void store.read({ kind: 'past' });
    const early = store.read(forget);
    const { events } = at(workers, 0);
    // Not before it was refused.
    expect(asked.items).toHaveLength(1);
    events.onAnswer({ seq: 1, error: 'disk is full', isPermanent: false });
    expect(asked.items.at(-1)).toMatchObject({ seq: 4, request: forget });
    events.onAnswer({ seq: 4, value: 1 });
    expect(await early).toBe(1);
    const late = store.read(forget);
    expect(asked.items.at(-1)?.seq).toBe(5);
    expect(failures).toEqual([true]);
    // The next worker opens the file first, and then asks for what was asked last.
    events.onDeath('killed');
    await asked.reach(4);
    expect(asked.items.at(-1)).toMatchObject({ seq: 5, worker: 1 });
    at(workers, 1).events.onAnswer({ seq: 5, value: 2 });
    expect(await late).toBe(2);
    await asked.reach(5);
    expect(asked.items.at(-1)).toMatchObject({ seq: 1, request: name('a') });
    at(workers, 1).events.onAnswer({ seq: 1, value: null });
    expect(failures).toEqual([true, false]);
    expect(asked.items.at(-1)?.request).toEqual(name('b'));
  });

  test('it does not go past a file that has to be opened first', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const store = new StoreClient({ makeWorker, onFailure: () => undefined, retryMs: 20 });
    const opened = store.read(openRequest('x'));
    at(workers, 0).events.onAnswer({ seq: 1, value: openedStore() });
    await opened;
    store.write(name('a'));
    const { events } = at(workers, 0);
    events.onAnswer({ seq: 2, error: 'disk is full', isPermanent: false });
    events.onDeath('killed');
    void store.read({ kind: 'forget', runId: RUN_ID, segments: [] });
    await asked.reach(3);
    expect(asked.items.at(-1)?.request.kind).toBe('open');
  });

  test('a write that can never succeed does not hold up the others', () => {
    const { asked, makeWorker, workers } = makePuppets();
    const failures: boolean[] = [];
    const store = new StoreClient({ makeWorker, onFailure: (isOn) => failures.push(isOn) });
    const ends: string[] = [];
    store.write(
      name('a'),
      () => ends.push('done'),
      () => ends.push('failed'),
    );
    store.write(name('b'));
    at(workers, 0).events.onAnswer({ seq: 1, error: 'constraint', isPermanent: true });
    expect(ends).toEqual(['failed']);
    expect(asked.items.at(-1)?.request).toEqual(name('b'));
    expect(failures).toEqual([true]);
  });

  test('what a newer FlowZone wrote is read, and nothing is asked to be written', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const failures: boolean[] = [];
    const store = new StoreClient({ makeWorker, onFailure: (isOn) => failures.push(isOn) });
    const opened = store.read(openRequest('x'));
    at(workers, 0).events.onAnswer({ seq: 1, value: openedStore({ isReadOnly: true }) });
    await opened;
    const { promise, resolve } = Promise.withResolvers<string>();
    store.write(
      name('a'),
      () => resolve('done'),
      () => resolve('refused'),
    );
    expect(await promise).toBe('refused');
    expect([asked.items.length, failures.length]).toEqual([1, 0]);
  });

  test('a file that was put together again is told of, also in the middle', async () => {
    const { makeWorker, workers } = makePuppets();
    const told: string[] = [];
    const store = new StoreClient({
      makeWorker,
      onFailure: () => undefined,
      onMended: ({ why }) => told.push(why),
    });
    const mended = (why: string) =>
      openedStore({
        mended: { why, asidePath: null, backupAtMs: null, replayedCount: 1, missingCount: 0 },
      });
    const opened = store.read(openRequest('x'));
    at(workers, 0).events.onAnswer({ seq: 1, value: mended('at the start') });
    await opened;
    store.write(name('a'));
    at(workers, 0).events.onDeath('database disk image is malformed');
    at(workers, 1).events.onAnswer({ seq: 1, value: mended('in the middle') });
    expect(told).toEqual(['at the start', 'in the middle']);
  });

  test('at the end what waits is written; a store that does not answer is not waited for', async () => {
    const { asked, makeWorker, workers } = makePuppets();
    const store = new StoreClient({ makeWorker, onFailure: () => undefined });
    store.write(name('a'));
    const ended = store.end(9, 1);
    expect(await ended).toBeFalse();
    expect(at(workers, 0).isTerminated).toBeTrue();
    expect(asked.items).toHaveLength(1);
  });
});

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
