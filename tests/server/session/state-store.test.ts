import { afterAll, beforeAll, describe, expect, setSystemTime, test } from 'bun:test';
import * as fc from 'fast-check';
import { LIMITS } from '../../../protocol/limits.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import { newestOps, pointer } from '../../../server/session/state/patches.ts';
import { reduce } from '../../../server/session/state/reduce.ts';
import { StateStore } from '../../../server/session/state/state-store.ts';
import { printedSeed } from '../../support/seed.ts';
import { applyPatch } from 'rfc6902';
import { anyEvent, row, take } from './any-event.ts';
import { replicaOf, Rig } from './rig.ts';

const makeStore = () => {
  const emitted: ToGateway[] = [];
  const clock = { ms: 0 };
  const store = new StateStore({
    epoch: 'epoch',
    initial: new Rig().state,
    now: () => clock.ms,
    barPhase: () => 0.25,
    emit: (message) => emitted.push(message),
  });
  return { store, emitted, clock };
};

describe('patches', () => {
  test('a client that follows them holds the state, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyEvent, { maxLength: 6 }), { maxLength: 12 }), (turns) => {
        const { store, emitted, clock } = makeStore();
        emitted.push(store.full());
        for (const turn of turns) {
          for (const each of turn) store.apply(each);
          clock.ms += 20;
          store.flush();
        }
        const replica = replicaOf(emitted);
        const truth = store.full();
        if (truth.t !== 'full') throw new Error('no full state');
        const { meta, slots, transport } = truth.data;
        const anySolo = slots.some((each) => each.soloed);
        expect(slots.map((each) => each.audible)).toEqual(
          slots.map((each) => !each.muted && (!anySolo || each.soloed)),
        );
        const still = {
          ...replica,
          transport: { ...replica?.transport, barPhase: transport.barPhase },
        };
        expect(still as unknown).toEqual({ ...truth.data, meta: { ...meta, serverTime: 0 } });
      }),
      { numRuns: 400, seed: printedSeed() },
    );
  });

  test('parts of a path are escaped', () => {
    expect(pointer(['alerts', 'a/b~c', 0])).toBe('/alerts/a~1b~0c/0');
  });

  test('a riff at the front moves no other row', () => {
    const before = ['c', 'b', 'a'].map(row);
    expect(newestOps(before, [row('d'), ...before.slice(0, 2)])).toEqual([
      { op: 'remove', path: '/history/newest/2' },
      { op: 'add', path: '/history/newest/0', value: row('d') },
    ]);
  });

  test('any list of rows becomes any other', () => {
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        label: fc.constantFrom('Tempo 120 → 101', 'Tempo 120 → 90'),
      }),
      { selector: ({ id }) => id },
    );
    const rowsOf = (all: readonly { id: string; label: string }[]) =>
      all.map(({ id, label }) => ({ ...row(id), label }));
    fc.assert(
      fc.property(rows, rows, (from, to) => {
        const document = { history: { newest: rowsOf(from) } };
        applyPatch(document, newestOps(rowsOf(from), rowsOf(to)) as never);
        expect(document.history.newest).toEqual(rowsOf(to));
      }),
      { seed: printedSeed() },
    );
  });

  test('what changes nothing makes no patch', () => {
    const { store } = makeStore();
    const before = store.state;
    store.apply({ t: 'slotGain', slot: 0, val: 1 });
    store.apply({ t: 'saved', takeId: 'unknown' });
    expect(store.state).toBe(before);
    expect(reduce(before, { t: 'loopBars', bars: before.transport.loopBars })).toBe(before);
  });
});

describe('revisions', () => {
  beforeAll(() => setSystemTime(new Date(0)));
  afterAll(() => setSystemTime());

  test('count from 1; what happens together is one revision, and its number is told after it', async () => {
    const { store, emitted } = makeStore();
    expect(store.revision).toBe(1);
    const told: number[] = [];
    store.apply({ t: 'slotGain', slot: 0, val: 0.5 });
    store.apply({ t: 'slotGain', slot: 1, val: 0.5 });
    store.whenSent((revision) => {
      told.push(revision);
      expect(emitted).toHaveLength(1);
    });
    expect(told).toEqual([]);
    await Bun.sleep(1);
    expect(emitted).toMatchObject([{ t: 'patch', fromRev: 1, revId: 2, ops: [{}, {}] }]);
    expect(told).toEqual([2]);
    store.whenSent((revision) => told.push(revision));
    expect(told).toEqual([2, 2]);
  });

  test('after a patch the next one waits 16 ms', () => {
    const { store, emitted, clock } = makeStore();
    const waits: number[] = [];
    const real = globalThis.setTimeout;
    globalThis.setTimeout = ((_: unknown, ms: number) => {
      waits.push(ms);
      return 1;
    }) as unknown as typeof setTimeout;
    store.apply({ t: 'slotGain', slot: 0, val: 0.5 });
    clock.ms = 100;
    store.flush();
    clock.ms = 104;
    store.apply({ t: 'slotGain', slot: 0, val: 0.4 });
    globalThis.setTimeout = real;
    expect(waits).toEqual([0, LIMITS.patchQuietMs - 4]);
    expect(emitted).toHaveLength(1);
  });

  test('that a loop is saved waits for no quiet, and takes along what waits', async () => {
    const { store, emitted, clock } = makeStore();
    store.apply({ t: 'slotContent', slot: 0, content: { ...take, saved: false } });
    clock.ms = 100;
    store.flush();
    store.apply({ t: 'slotGain', slot: 0, val: 0.4 });
    await Bun.sleep(LIMITS.patchQuietMs / 4);
    // Of another change the quiet is kept.
    expect(emitted).toHaveLength(1);
    store.apply({ t: 'saved', takeId: take.takeId });
    await Bun.sleep(2);
    expect(emitted[1]).toMatchObject({
      ops: [{ path: '/slots/0/volume' }, { path: '/slots/0/saved', value: true }],
    });
  });

  test('more than 16 KB of operations leave as a full state of the next revision', () => {
    const { store, emitted } = makeStore();
    store.apply({ t: 'slotName', slot: 0, name: 'x'.repeat(LIMITS.patchBytesMax) });
    store.flush();
    expect(emitted).toMatchObject([{ t: 'full', data: { meta: { revisionId: 2 } } }]);
  });

  test('a full state contains what waited, and no patch repeats it', async () => {
    const { store, emitted } = makeStore();
    const told: number[] = [];
    store.apply({ t: 'slotGain', slot: 0, val: 0.5 });
    store.whenSent((revision) => told.push(revision));
    expect(store.full()).toMatchObject({
      data: { meta: { revisionId: 2 }, transport: { barPhase: 0.25 } },
    });
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([2]);
    store.flush();
    expect(emitted).toEqual([]);
  });
});
