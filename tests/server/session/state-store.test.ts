import { afterAll, beforeAll, describe, expect, setSystemTime, test } from 'bun:test';
import * as fc from 'fast-check';
import { LIMITS } from '../../../protocol/limits.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { AppState, RiffRow } from '../../../protocol/state.ts';
import type { SessionEvent } from '../../../server/session/events.ts';
import { newestOps, pointer } from '../../../server/session/patches.ts';
import { reduce } from '../../../server/session/reduce.ts';
import { StateStore } from '../../../server/session/state-store.ts';
import { printedSeed } from '../../support/seed.ts';
import { applyPatch } from 'rfc6902';
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

/** What a slot plays. */
const take = {
  takeId: 't',
  bars: 4,
  lengthBeats: 16,
  originBeat: 0,
  saved: true,
  tainted: false,
  damaged: false,
  layerCount: 1,
  tempoMode: 'repitch',
  tail: false,
} as const;

const row = (id: string): RiffRow => ({
  id,
  parentId: null,
  seq: 0,
  tsMs: 0,
  cause: 'CAPTURE',
  slot: 0,
  bars: 4,
  label: id,
  slots: [],
  marked: false,
});

const anySlot = fc.nat({ max: 7 });
const alertId = fc.constantFrom('2001', '2010:3', 'a/b~c');
const name = fc.oneof(fc.string(), fc.constantFrom('a/b', '~', '~1/~0', '__proto__', ''));
const history = fc
  .uniqueArray(fc.constantFrom('p', 'q', 'r', 's', 't', 'u', 'v'), { maxLength: 6 })
  .map((ids): AppState['history'] => ({
    head: ids[0] ?? 'none',
    count: ids.length,
    canUndo: ids.length > 1,
    undoLabel: ids[0] ?? null,
    undoSlot: null,
    canRedo: false,
    redoLabel: null,
    redoSlot: null,
    redoIds: ids.slice(2),
    newest: ids.map(row),
  }));

const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({
    t: fc.constant('slotGain' as const),
    slot: anySlot,
    val: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ t: fc.constant('slotMute' as const), slot: anySlot, muted: fc.boolean() }),
  fc.record({ t: fc.constant('slotSolo' as const), slot: anySlot, soloed: fc.boolean() }),
  fc.record({ t: fc.constant('slotName' as const), slot: anySlot, name }),
  fc.record({
    t: fc.constant('slotContent' as const),
    slot: anySlot,
    content: fc.option(
      fc.record({
        takeId: fc.constantFrom('t1', 't2', 't3'),
        bars: fc.constant(4),
        lengthBeats: fc.constant(16),
        originBeat: fc.nat({ max: 64 }),
        saved: fc.boolean(),
        tainted: fc.boolean(),
        damaged: fc.boolean(),
        tempoMode: fc.constantFrom('repitch', 'stretch', 'free'),
        tail: fc.boolean(),
        layerCount: fc.integer({ min: 1, max: 64 }),
      }),
    ),
  }),
  fc.record({
    t: fc.constant('slotPending' as const),
    slot: anySlot,
    pending: fc.option(
      fc.record({
        kind: fc.constantFrom('capture' as const, 'mute' as const),
        atFrame: fc.nat(),
        takeId: fc.constant(null),
        bars: fc.constant(1),
      }),
    ),
  }),
  fc.record({ t: fc.constant('saved' as const), takeId: fc.constantFrom('t1', 't2') }),
  fc.record({ t: fc.constant('history' as const), history }),
  fc.record({ t: fc.constant('alert' as const), id: alertId, code: fc.nat(), atMs: fc.nat() }),
  fc.record({ t: fc.constant('alertGone' as const), id: alertId }),
  fc.record({
    t: fc.constant('clientJoined' as const),
    clientId: name,
    address: fc.constant('::1'),
    atMs: fc.nat(),
  }),
  fc.record({ t: fc.constant('clientLeft' as const), clientId: name }),
);

describe('patches', () => {
  test('a client that follows them holds the state, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 12 }), (turns) => {
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

describe('the reducer', () => {
  const { state } = new Rig();

  test('RECORDING before MUTED before PLAYING before EMPTY', () => {
    const of = (...events: SessionEvent[]) => events.reduce(reduce, state).slots[0]?.state;
    const filled = { t: 'slotContent', slot: 0, content: take } as const;
    const muted = { t: 'slotMute', slot: 0, muted: true } as const;
    const recording = {
      t: 'slotPending',
      slot: 0,
      pending: { kind: 'capture', atFrame: 1, takeId: 'x', bars: 1 },
    } as const;
    expect(of(muted)).toBe('EMPTY');
    expect(of(filled)).toBe('PLAYING');
    expect(of(filled, muted)).toBe('MUTED');
    expect(of(filled, muted, recording)).toBe('RECORDING');
  });

  test('audible is: not muted, and no solo or soloed', () => {
    const solo = (slot: number) => ({ t: 'slotSolo', slot, soloed: true }) as const;
    const mute = { t: 'slotMute', slot: 1, muted: true } as const;
    const audible = (...events: SessionEvent[]) =>
      events
        .reduce(reduce, state)
        .slots.slice(0, 3)
        .map((each) => each.audible);
    expect(audible(mute)).toEqual([true, false, true]);
    expect(audible(solo(0))).toEqual([true, false, false]);
    expect(audible(solo(1), mute)).toEqual([false, false, false]);
  });

  test('an alert that happens again is counted, not doubled', () => {
    const alert = { t: 'alert', id: '2001', code: 2001, atMs: 5 } as const;
    const twice = reduce(reduce(state, alert), { ...alert, atMs: 9 });
    expect(twice.alerts).toEqual({ 2001: { code: 2001, sinceMs: 5, count: 2 } });
    expect(reduce(twice, { t: 'alertGone', id: '2001' }).alerts).toEqual({});
  });
});
