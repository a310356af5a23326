/** LOAD_VST, UNLOAD_PLUGIN, MOVE_PLUGIN: records, state, history, and each refusal. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { makeEvent } from './core-event.ts';
import { heardAt, loaded, NOWHERE, offer, pluginRig, ROOM, SYNTH } from './plugin-rig.ts';
import { Rig } from './rig.ts';
import { captured } from './session-rig.ts';

const chainSets = (rig: ReturnType<typeof pluginRig>) =>
  rig.core.taken.filter(({ kind }) => kind === COMMAND_KIND.chainSet);

describe('LOAD_VST', () => {
  test('asks for the plug-in in its maker’s group, then puts it at its place in one step', async () => {
    const rig = pluginRig();
    const id = await loaded(rig, 2);
    expect(rig.core.pluginLoads).toEqual([
      {
        id: wordsOfId(id),
        classId: [0, 0, 0, 0x01_00_00_00],
        group: 'north',
        bundle: '/vst3/Both.vst3',
        statePath: '',
        earlierStatePath: '',
      },
    ]);
    expect(chainSets(rig)).toMatchObject([{ slot: 2, flags: 0 }]);
    expect(heardAt(rig, 2)).toEqual([id]);
    expect(rig.state.slots[2]?.pluginChain).toEqual([id]);
    expect(rig.state.plugins[id]).toEqual({
      pluginId: ROOM,
      where: 2,
      name: 'Room',
      vendor: 'North, and South',
      hostId: null,
      status: 'on',
      retries: 0,
      latencyFrames: 96,
      isInstrument: false,
      paramCount: 3,
      bypassed: false,
      touched: {},
    });
    expect(rig.state.history).toMatchObject({ count: 2, undoLabel: 'Room into 3', undoSlot: 2 });
    expect(rig.state.history.newest[0]?.cause).toBe('PLUGIN_LOAD');
  });

  const LOAD = { cmd: 'LOAD_VST', slot: 2, pluginId: ROOM } as const;
  /** Its bundle says that it is there, and so many are to be looked at. */
  const listed = (waiting: number): Rig => {
    const rig = new Rig();
    offer(rig, { isConfirmed: false });
    rig.session.onPlugins({ t: 'waiting', count: waiting });
    return rig;
  };

  test('of what no child has lived through waits for one', async () => {
    const rig = listed(1);
    const reqId = rig.send(LOAD);
    await rig.settle();
    expect(rig.core.pluginLoads).toEqual([]);
    offer(rig);
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.core.pluginLoads).toHaveLength(1);
  });

  test('of what a child has fallen over is refused with that, of what none looks at as not offered', async () => {
    const refused = { classes: [], isConfirmed: false, refusal: { code: 3010, detail: '' } };
    for (const [code, happens] of [
      [3010, (rig: Rig) => offer(rig, refused)],
      [4022, (rig: Rig) => rig.session.onPlugins({ t: 'waiting', count: 0 })],
      [4022, (rig: Rig) => rig.session.onPlugins({ t: 'gone', path: '/vst3/Both.vst3' })],
      [4022, (rig: Rig) => rig.pass(30_000)],
    ] as const) {
      const rig = listed(1);
      const reqId = rig.send(LOAD);
      await rig.settle();
      await happens(rig);
      await rig.settle();
      expect(rig.answerTo(reqId)).toMatchObject({ code });
      expect([rig.core.pluginLoads, rig.state.plugins]).toEqual([[], {}]);
    }
    expect(await listed(0).ask(LOAD)).toMatchObject({ code: 4022 });
  });

  test('into the input says so in its record and its step', async () => {
    const rig = pluginRig();
    const id = await loaded(rig, 'input');
    expect(chainSets(rig)).toMatchObject([{ slot: 0, flags: COMMAND_FLAGS.input }]);
    expect(rig.core.chainsMade).toMatchObject([{ isInput: true }]);
    expect(rig.state.inputChain).toEqual([id]);
    expect(rig.state.slots.every(({ pluginChain }) => pluginChain.length === 0)).toBe(true);
    expect(rig.state.history).toMatchObject({ undoLabel: 'Room into the input', undoSlot: null });
  });

  test('shows the plug-in while it is loaded, and holds nobody up', async () => {
    const rig = pluginRig();
    rig.core.isLoading = true;
    const reqId = rig.send({ cmd: 'LOAD_VST', slot: 1, pluginId: ROOM });
    await rig.settle();
    expect(Object.values(rig.state.plugins)).toMatchObject([{ where: 1, status: 'loading' }]);
    expect(rig.state.slots[1]?.pluginChain).toEqual([]);
    await captured(rig, 0);
    expect(rig.state.history.count).toBe(2);
    rig.core.isLoading = false;
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[1]?.pluginChain).toHaveLength(1);
    expect(rig.state.history.newest[0]?.parentId).toBe(rig.state.history.newest[1]?.id ?? '');
  });

  test('puts it where it is asked to, in the order in which sound goes through', async () => {
    const rig = pluginRig();
    const [last, first] = [await loaded(rig, 0), await loaded(rig, 0, ROOM, 0)];
    const middle = await loaded(rig, 0, ROOM, 1);
    expect(heardAt(rig, 0)).toEqual([first, middle, last]);
    expect(rig.state.slots[0]?.pluginChain).toEqual([first, middle, last]);
  });

  test('of what cannot be loaded is refused and leaves nothing behind', async () => {
    const rig = pluginRig();
    const before = rig.state;
    rig.core.loadedCode = 3005;
    const command = { cmd: 'LOAD_VST', slot: 0, pluginId: ROOM } as const;
    expect(await rig.ask(command)).toMatchObject({ type: 'ERROR', code: 3005 });
    expect(rig.state.plugins).toEqual({});
    expect(rig.state.history).toBe(before.history);
    expect(rig.state.alerts).toEqual({});
    rig.core.loadCode = 3015;
    expect(await rig.ask(command)).toMatchObject({ type: 'ERROR', code: 3015 });
    expect(rig.state.plugins).toEqual({});
  });

  test('that finds no room in its host is refused, and the plug-in goes again', async () => {
    const rig = pluginRig();
    rig.core.chainCode = 2007;
    expect(await rig.ask({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM })).toMatchObject({
      code: 4028,
    });
    expect([rig.state.plugins, rig.state.history.count]).toEqual([{}, 1]);
    await rig.pass(10_000);
    expect(rig.core.unloaded).toHaveLength(1);
  });

  test('knows the slots, the plug-ins and how many fit', async () => {
    const rig = pluginRig();
    expect(await rig.ask({ cmd: 'LOAD_VST', slot: 8, pluginId: ROOM })).toMatchObject({
      code: 4001,
    });
    const other = `vst3:${'f'.repeat(32)}`;
    expect(await rig.ask({ cmd: 'LOAD_VST', slot: 0, pluginId: other })).toMatchObject({
      code: 4022,
    });
    for (let count = 0; count < LIMITS.chainPluginsMax - 1; count += 1) await loaded(rig, 0);
    rig.core.isLoading = true;
    rig.send({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM });
    await rig.settle();
    // The eighth is still being loaded.
    expect(await rig.ask({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM })).toMatchObject({
      code: 4024,
    });
    expect(rig.core.pluginLoads).toHaveLength(LIMITS.chainPluginsMax);
  });

  test('that is called off while it loads is refused', async () => {
    const rig = pluginRig();
    rig.core.isLoading = true;
    const reqId = rig.send({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM });
    await rig.settle();
    const [instanceId = ''] = Object.keys(rig.state.plugins);
    expect(await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId })).toMatchObject({ type: 'OK' });
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'ERROR', code: 4030 });
    expect([rig.state.plugins, rig.state.history.count]).toEqual([{}, 1]);
    rig.core.isLoading = false;
    await rig.settle();
    await rig.pass(10_000);
    expect(rig.core.unloaded).toEqual([instanceId]);
  });
});

describe('UNLOAD_PLUGIN', () => {
  test('is one step, and UNDO brings the same plug-in back, alive', async () => {
    const rig = pluginRig();
    const [first, second] = [await loaded(rig, 0), await loaded(rig, 0)];
    expect(await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: first })).toMatchObject({
      type: 'OK',
    });
    expect(heardAt(rig, 0)).toEqual([second]);
    expect(Object.keys(rig.state.plugins)).toEqual([second]);
    expect(rig.state.history).toMatchObject({ undoLabel: 'Room out of 1', count: 4 });
    await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
    expect(heardAt(rig, 0)).toEqual([first, second]);
    expect(rig.state.slots[0]?.pluginChain).toEqual([first, second]);
    expect(rig.state.plugins[first]?.status).toBe('on');
    expect([rig.core.pluginLoads.length, rig.core.unloaded]).toEqual([2, []]);
    await rig.pass(20_000);
    expect(rig.core.unloaded).toEqual([]);
  });

  test('of what nobody asks for again ends it; UNDO loads it with its state at removal', async () => {
    const rig = pluginRig();
    const id = await loaded(rig, 0);
    await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: id });
    await rig.pass(9999);
    expect(rig.core.unloaded).toEqual([]);
    await rig.pass(1);
    expect(rig.core.unloaded).toEqual([id]);
    const sha = Array.from({ length: 8 }, () => 0xab_ab_ab_ab);
    rig.session.onEvents([{ ...stateEvent(id), sha }]);
    rig.core.isLoading = true;
    await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
    expect(rig.state.slots[0]?.pluginChain).toEqual([id]);
    expect(rig.state.plugins[id]?.status).toBe('loading');
    expect(heardAt(rig, 0)).toEqual([]);
    expect(rig.core.pluginLoads[1]?.statePath).toBe(`/data/states/${'ab'.repeat(32)}.state`);
    rig.core.isLoading = false;
    await rig.settle();
    expect(heardAt(rig, 0)).toEqual([id]);
    expect(rig.state.plugins[id]?.status).toBe('on');
  });

  test('refuses what is not loaded', async () => {
    const rig = pluginRig();
    expect(await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: NOWHERE })).toMatchObject({
      code: 4023,
    });
  });
});

describe('MOVE_PLUGIN', () => {
  test('goes to another place in one group and one step, and keeps what was set', async () => {
    const rig = pluginRig();
    const [id, other] = [await loaded(rig, 0), await loaded(rig, 'input')];
    await rig.ask({ cmd: 'SET_PARAM', instanceId: id, paramId: 7, val: 0.5 });
    const groups = rig.core.taken.length;
    await rig.ask({ cmd: 'MOVE_PLUGIN', instanceId: id, slot: 'input', index: 0 });
    const kinds = rig.core.taken.slice(groups).map(({ kind }) => kind);
    expect(kinds).toEqual([COMMAND_KIND.chainSet, COMMAND_KIND.chainSet]);
    expect([heardAt(rig, 0), heardAt(rig, 'input')]).toEqual([[], [id, other]]);
    expect(rig.state.plugins[id]).toMatchObject({ where: 'input', touched: { 7: 0.5 } });
    expect(rig.state.history.undoLabel).toBe('Room from 1 to the input');
    await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
    expect([heardAt(rig, 0), heardAt(rig, 'input')]).toEqual([[id], [other]]);
    expect(rig.state.plugins[id]).toMatchObject({ where: 0, touched: { 7: 0.5 } });
    await rig.ask({ cmd: 'REDO', scope: 'SESSION' });
    expect(rig.state.inputChain).toEqual([id, other]);
    await rig.pass(20_000);
    expect(rig.core.unloaded).toEqual([]);
  });

  test('within a chain changes the order; where it is already nothing happens', async () => {
    const rig = pluginRig();
    const [first, second] = [await loaded(rig, 0), await loaded(rig, 0)];
    const { head } = rig.state.history;
    const stay = { cmd: 'MOVE_PLUGIN', instanceId: second, slot: 0, index: 7 } as const;
    expect(await rig.ask(stay)).toMatchObject({ type: 'OK' });
    expect(rig.state.history.head).toBe(head);
    await rig.ask({ ...stay, index: 0 });
    expect(heardAt(rig, 0)).toEqual([second, first]);
    expect(rig.state.history.undoLabel).toBe('Room moved in 1');
  });

  test('knows the slots and the plug-ins, and refuses a full chain', async () => {
    const rig = pluginRig();
    const id = await loaded(rig, 1, SYNTH);
    const move = { cmd: 'MOVE_PLUGIN', instanceId: id, slot: 0, index: 0 } as const;
    expect(await rig.ask({ ...move, instanceId: NOWHERE })).toMatchObject({ code: 4023 });
    expect(await rig.ask({ ...move, slot: 99 })).toMatchObject({ code: 4001 });
    for (let count = 0; count < LIMITS.chainPluginsMax; count += 1) await loaded(rig, 0);
    expect(await rig.ask(move)).toMatchObject({ code: 4024 });
  });
});

const stateEvent = (id: string) => makeEvent({ kind: EVENT_KIND.pluginState, id: wordsOfId(id) });
