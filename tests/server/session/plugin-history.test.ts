/** Chains in the history: RECALL, other sessions, another start; and what does not go through them. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import { BAR_FRAMES } from './core-event.ts';
import { heardAt, loaded, offer, pluginRig, SYNTH, tell } from './plugin-rig.ts';
import { Rig, type RigOptions } from './rig.ts';
import { captured, made, open } from './session-rig.ts';
import { makeStore } from './session-store.ts';

const SHA = 'ab'.repeat(32);
const stateOf = (rig: Rig, id: string, byte = 0xab) =>
  tell(rig, 'pluginState', id, { sha: Array.from({ length: 8 }, () => byte * 0x01_01_01_01) });

describe('RECALL_RIFF', () => {
  test('brings loops and chains back in one group at one frame', async () => {
    const rig = pluginRig();
    await captured(rig, 0);
    const [room, synth] = [await loaded(rig, 0), await loaded(rig, 'input', SYNTH)];
    const riffId = rig.state.history.head;
    await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: room });
    await rig.ask({ cmd: 'MOVE_PLUGIN', instanceId: synth, slot: 3, index: 0 });
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    const before = rig.core.taken.length;
    await rig.ask({ cmd: 'RECALL_RIFF', riffId, when: 'now' });
    expect([heardAt(rig, 0), heardAt(rig, 'input'), heardAt(rig, 3)]).toEqual([
      [room],
      [synth],
      [],
    ]);
    expect(rig.state.plugins[synth]?.where).toBe('input');
    const group = rig.core.taken.slice(before);
    const { chainSet, slotSet } = COMMAND_KIND;
    expect(group.filter(({ kind }) => kind === chainSet)).toHaveLength(3);
    expect(group.filter(({ kind }) => kind === slotSet)).toHaveLength(1);
    expect(new Set(group.map(({ token }) => token)).size).toBe(group.length);
  });

  test('on the bar sets every chain at the bar, whatever was set meanwhile', async () => {
    const rig = pluginRig();
    const room = await loaded(rig, 0);
    const riffId = rig.state.history.head;
    await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: room });
    // Past the moment in which it would still join the bar that has begun.
    rig.core.frame += BAR_FRAMES / 2;
    const reqId = rig.send({ cmd: 'RECALL_RIFF', riffId, when: 'bar' });
    await rig.settle();
    expect(heardAt(rig, 0)).toEqual([]);
    expect(rig.answerTo(reqId).type).toBe('OK');
    // A slow bar is longer than what was taken out is kept.
    await rig.pass(20_000);
    expect(rig.core.unloaded).toEqual([]);
    const other = await loaded(rig, 1, SYNTH);
    expect(heardAt(rig, 1)).toEqual([other]);
    rig.core.frame += BAR_FRAMES;
    await rig.settle();
    expect([heardAt(rig, 0), heardAt(rig, 1)]).toEqual([[room], []]);
    expect(rig.state.slots.map(({ pluginChain }) => pluginChain.length)).toEqual([
      1, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(Object.keys(rig.state.plugins)).toEqual([room]);
  });
});

test('a capture, a clear and a panic leave the chain of the slot', async () => {
  const rig = pluginRig();
  const room = await loaded(rig, 0);
  await captured(rig, 0);
  await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
  await captured(rig, 0);
  await rig.ask({ cmd: 'PANIC', scope: 'ALL' });
  expect([heardAt(rig, 0), rig.state.slots[0]?.pluginChain]).toEqual([[room], [room]]);
  expect(rig.history.head.slots[0]?.chain).toEqual([room]);
});

test('no loop that goes through plug-ins is merged to make room', async () => {
  const rig = pluginRig({ slotCount: 8 });
  for (let slot = 0; slot < 8; slot += 1) await captured(rig, slot);
  for (let slot = 1; slot < 8; slot += 1) await loaded(rig, slot);
  const auto = { cmd: 'TRIGGER_SLOT', slot: 'auto', bars: 4, quantized: true } as const;
  expect(await rig.ask(auto)).toMatchObject({ code: 4004 });
  await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: heardAt(rig, 7)[0] ?? '' });
  expect(await rig.ask(auto)).toMatchObject({ type: 'OK' });
  expect(rig.state.history.newest[0]?.slot).toBe(7);
});

/** A session of a store that is started on what another one has left there. */
const withStore =
  (run: (store: ReturnType<typeof makeStore>, again: () => Promise<Rig>) => Promise<void>) =>
  async () => {
    const store = makeStore();
    const again = async (more: RigOptions = {}) => {
      const rig = store.makeRig({ ...(await store.left()), ...more });
      offer(rig);
      return rig;
    };
    try {
      await run(store, again);
    } finally {
      store.end();
    }
  };

describe('on start', () => {
  const left = async (store: ReturnType<typeof makeStore>) => {
    const rig = store.begun();
    offer(rig);
    await captured(rig, 2);
    const [room, synth] = [await loaded(rig, 2), await loaded(rig, 'input', SYNTH)];
    await stateOf(rig, room, 0x11);
    await stateOf(rig, room);
    await rig.ask({ cmd: 'BYPASS_PLUGIN', instanceId: synth, bypassed: true });
    // The store is asked, so that all of it is written.
    rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'sessions', limit: 1 } });
    await rig.settle();
    return { room, synth };
  };

  test(
    'loops play at once without their plug-ins, which come in when they are loaded',
    withStore(async (store, again) => {
      const { room, synth } = await left(store);
      const rig = await again();
      rig.core.isLoading = true;
      rig.session.start();
      await rig.settle();
      expect(rig.session.isRestored).toBe(true);
      expect(rig.state.slots[2]).toMatchObject({ state: 'PLAYING', pluginChain: [room] });
      expect(rig.state.inputChain).toEqual([synth]);
      const status = () => [room, synth].map((id) => rig.state.plugins[id]?.status);
      expect([status(), [...rig.core.chains]]).toEqual([['loading', 'loading'], []]);
      rig.core.isLoading = false;
      await rig.settle();
      expect([heardAt(rig, 2), heardAt(rig, 'input')]).toEqual([[room], [synth]]);
      expect(status()).toEqual(['on', 'on']);
      const specs = rig.core.pluginLoads.map(({ statePath, earlierStatePath }) => [
        statePath,
        earlierStatePath,
      ]);
      expect(specs).toContainEqual([
        `/data/states/${SHA}.state`,
        `/data/states/${'11'.repeat(32)}.state`,
      ]);
      expect(specs).toContainEqual(['', '']);
      expect(rig.core.bypassed).toEqual([[synth, true]]);
      expect(rig.state.history).toMatchObject({ count: 4, undoLabel: 'Synth into the input' });
      expect([...checkSeals(store.db)].flatMap(({ broken }) => broken)).toEqual([]);
    }),
  );

  test(
    'a chain that was changed behind our back breaks its seal',
    withStore(async (store) => {
      await left(store);
      store.db.run('DROP TRIGGER riff_no_update');
      store.db.run(`UPDATE riff SET input_chain = '[]' WHERE cause = 'PLUGIN_LOAD'`);
      expect([...checkSeals(store.db)].flatMap(({ broken }) => broken)).toHaveLength(1);
    }),
  );

  test(
    'a plug-in that is not there any more is off, and all else is as it was',
    withStore(async (store, again) => {
      const { room } = await left(store);
      const rig = await again();
      rig.core.loadedCode = 3005;
      rig.session.start();
      await rig.settle();
      expect(rig.state.slots[2]?.state).toBe('PLAYING');
      expect(rig.state.plugins[room]?.status).toBe('off');
      expect(rig.state.alerts[`3005:${room}`]).toMatchObject({ instanceId: room });
      expect(rig.unrestored).toEqual([]);
    }),
  );

  test(
    'Safe Mode keeps the chains and loads none of them',
    withStore(async (store) => {
      const { room } = await left(store);
      const safe = { step: 1, reason: 'It stopped.', suspects: [], sinceMs: 0 };
      const rig = new Rig({ ...(await store.left()), safe });
      offer(rig);
      rig.session.start();
      await rig.settle();
      expect(rig.state.slots[2]?.pluginChain).toEqual([room]);
      expect(rig.state.plugins[room]?.status).toBe('off');
      await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
      expect(rig.state.inputChain).toEqual([]);
      expect([rig.core.pluginLoads, rig.core.chainsMade]).toEqual([[], []]);
    }),
  );

  test(
    'Safe Mode lets one be taken out, which is not there when plug-ins are loaded again',
    withStore(async (store, again) => {
      const { room } = await left(store);
      const safe = { step: 1, reason: 'It stopped.', suspects: ['Room'], sinceMs: 0 };
      const rig = store.makeRig({ ...(await store.left()), safe });
      rig.session.start();
      await rig.settle();
      const command = { cmd: 'UNLOAD_PLUGIN', instanceId: room } as const;
      expect(await rig.ask(command)).toMatchObject({ type: 'OK' });
      expect([rig.state.slots[2]?.pluginChain, rig.state.plugins[room]]).toEqual([[], undefined]);
      expect([rig.core.pluginLoads, rig.core.chainsMade]).toEqual([[], []]);
      expect(await rig.ask(command)).toMatchObject({ code: 4023 });
      // The store is asked, so that all of it is written.
      rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'sessions', limit: 1 } });
      await rig.settle();
      const next = await again();
      next.session.start();
      await next.settle();
      expect(next.state.slots[2]).toMatchObject({ state: 'PLAYING', pluginChain: [] });
      expect(next.state.plugins[room]).toBeUndefined();
    }),
  );
});

test(
  'another session has its own chains; those of the one that was left are unloaded, and come back',
  withStore(async (store) => {
    const rig = store.begun();
    offer(rig);
    const room = await loaded(rig, 0);
    await stateOf(rig, room);
    const first = rig.state.meta.sessionId;
    const second = await made(rig);
    expect([heardAt(rig, 0), rig.state.plugins]).toEqual([[], {}]);
    await rig.pass(10_000);
    expect(rig.core.unloaded).toEqual([room]);
    const synth = await loaded(rig, 0, SYNTH);
    await open(rig, first);
    expect([heardAt(rig, 0), Object.keys(rig.state.plugins)]).toEqual([[room], [room]]);
    expect(rig.core.pluginLoads.at(-1)?.statePath).toBe(`/data/states/${SHA}.state`);
    await open(rig, second);
    expect(heardAt(rig, 0)).toEqual([synth]);
    expect(rig.errors).toEqual([]);
  }),
);

test(
  'what is still being loaded when another session is opened gets into neither',
  withStore(async (store) => {
    const rig = store.begun();
    offer(rig);
    rig.core.isLoading = true;
    const reqId = rig.send({ cmd: 'LOAD_VST', slot: 0, pluginId: SYNTH });
    await rig.settle();
    await made(rig);
    rig.core.isLoading = false;
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ code: 4023 });
    expect([rig.state.plugins, heardAt(rig, 0)]).toEqual([{}, []]);
  }),
);
