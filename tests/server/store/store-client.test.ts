/** The queue in front of the store: its order, a write that fails, and its end. */
import { describe, expect, test } from 'bun:test';
import { StoreClient } from '../../../server/session/store/client.ts';
import { at } from '../../support/at.ts';
import { makePuppets, name, openedStore, openRequest } from './store-puppets.ts';
import { RUN_ID } from './samples.ts';

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
