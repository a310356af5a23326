/** What a slot, a row of the history and any event may be, for tests of the state alone. */
import * as fc from 'fast-check';
import type { AppState, RiffRow } from '../../../protocol/state.ts';
import type { SessionEvent } from '../../../server/session/state/events.ts';

/** What a slot plays. */
export const take = {
  takeId: 't',
  bars: 4,
  lengthBeats: 16,
  originBeat: 0,
  saved: true,
  tainted: false,
  acrossChange: false,
  damaged: false,
  layerCount: 1,
  tempoMode: 'repitch',
  tail: false,
} as const;

/** A row of the history that differs from others by its id and label only. */
export const row = (id: string): RiffRow => ({
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

const anyPlugin = fc.record({
  pluginId: fc.constant('vst3:x'),
  where: fc.oneof(anySlot, fc.constant('input' as const)),
  name,
  vendor: name,
  hostId: fc.option(fc.constantFrom('1', '2')),
  status: fc.constantFrom('loading' as const, 'on' as const, 'off' as const),
  retries: fc.nat({ max: 3 }),
  latencyFrames: fc.nat({ max: 9 }),
  isInstrument: fc.boolean(),
  paramCount: fc.nat({ max: 9 }),
  bypassed: fc.boolean(),
  touched: fc.dictionary(fc.constantFrom('0', '7', '4294967295'), fc.double({ noNaN: true })),
});
const anyHost = fc.record({
  name,
  status: fc.constantFrom('running' as const, 'restarting' as const),
  pid: fc.nat(),
  memoryMB: fc.nat(),
  load: fc.constant(0),
  plugins: fc.nat({ max: 3 }),
  retries: fc.nat({ max: 3 }),
  missedBlocks: fc.nat(),
  isQuarantine: fc.boolean(),
});
const anyInstance = fc.constantFrom('p1', 'p2', 'p3');

/** Any event of a few slots, alerts and clients, with names that a JSON pointer must escape. */
export const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
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
        acrossChange: fc.boolean(),
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
  fc.record({
    t: fc.constant('plugin' as const),
    id: anyInstance,
    plugin: fc.option(anyPlugin),
  }),
  fc.record({
    t: fc.constant('chain' as const),
    place: fc.oneof(anySlot, fc.constant('input' as const)),
    chain: fc.uniqueArray(anyInstance),
  }),
  fc.record({
    t: fc.constant('hosts' as const),
    hosts: fc.dictionary(fc.constantFrom('1', '2', '3'), anyHost),
  }),
);
