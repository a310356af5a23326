/** Workers of the store that die, and files that are opened again or had to be mended. */
import { describe, expect, test } from 'bun:test';
import { StoreClient } from '../../../server/session/store/client.ts';
import type { MendedStore } from '../../../server/session/store/stored.ts';
import { at } from '../../support/at.ts';
import { makePuppets, name, openedStore, openRequest } from './store-puppets.ts';
import { RUN_ID } from './samples.ts';

describe('the queue in front of the store', () => {
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
});
