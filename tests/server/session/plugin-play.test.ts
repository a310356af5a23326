/** Playing plug-ins: parameters, notes, bypass, who is told, and the player's way to try again. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { loaded, NOWHERE, pluginRig, ROOM, SYNTH, tell } from './plugin-rig.ts';
import type { Rig } from './rig.ts';

const SAFE = { step: 1, reason: 'It stopped three times.', suspects: [], sinceMs: 0 };

/** PARAMS that a client was sent. */
const paramsTo = (rig: Rig, clientId: string) =>
  rig.emitted.flatMap((each) =>
    each.t === 'answer' && each.clientId === clientId && each.message.type === 'PARAMS'
      ? [each.message]
      : [],
  );

describe('SET_PARAM', () => {
  test('is a record for the plug-in, and shown when it took effect', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    const { head } = rig.state.history;
    await rig.ask({ cmd: 'SET_PARAM', instanceId, paramId: 4_294_967_295, val: 0.25 });
    expect(rig.core.taken.at(-1)).toMatchObject({
      kind: COMMAND_KIND.pluginParam,
      a: 4_294_967_295,
      b: 0.25,
      id: wordsOfId(instanceId),
    });
    expect(rig.state.plugins[instanceId]?.touched).toEqual({ 4294967295: 0.25 });
    expect(rig.state.history.head).toBe(head);
  });

  test('shows the newest few', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    for (let paramId = 0; paramId <= LIMITS.pluginTouchedMax; paramId += 1) {
      await rig.ask({ cmd: 'SET_PARAM', instanceId, paramId, val: 1 });
      await rig.ask({ cmd: 'SET_PARAM', instanceId, paramId: 1, val: 0 });
    }
    const touched = Object.keys(rig.state.plugins[instanceId]?.touched ?? {}).map(Number);
    expect(touched).toHaveLength(LIMITS.pluginTouchedMax);
    expect(touched).toContain(1);
    expect(touched).not.toContain(0);
  });

  test('refuses a plug-in that is not there, or not loaded', async () => {
    const rig = pluginRig();
    const command = { cmd: 'SET_PARAM', instanceId: NOWHERE, paramId: 0, val: 0 } as const;
    expect(await rig.ask(command)).toMatchObject({ code: 4023 });
    rig.core.isLoading = true;
    rig.send({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM });
    await rig.settle();
    const [instanceId = ''] = Object.keys(rig.state.plugins);
    expect(await rig.ask({ ...command, instanceId })).toMatchObject({ code: 4023 });
  });
});

describe('NOTE', () => {
  test('is a record for an instrument', async () => {
    const rig = pluginRig();
    rig.core.isInstrument = true;
    const instanceId = await loaded(rig, 'input', SYNTH);
    const note = { cmd: 'NOTE', instanceId, note: 60, velocity: 0.5 } as const;
    await rig.ask({ ...note, on: true });
    await rig.ask({ ...note, on: false });
    const id = wordsOfId(instanceId);
    expect(rig.core.taken.slice(-2)).toMatchObject([
      { kind: COMMAND_KIND.pluginNote, a: 60, b: 0.5, flags: COMMAND_FLAGS.on, id },
      { kind: COMMAND_KIND.pluginNote, a: 60, flags: 0, id },
    ]);
  });

  const off = (instanceId: string, note: number) => ({
    kind: COMMAND_KIND.pluginNote,
    a: note,
    flags: 0,
    id: wordsOfId(instanceId),
  });

  test('of who is gone goes up, unless somebody else holds the key', async () => {
    const rig = pluginRig();
    rig.core.isInstrument = true;
    const instanceId = await loaded(rig, 'input', SYNTH);
    const down = (note: number, clientId: string) =>
      rig.send({ cmd: 'NOTE', instanceId, note, velocity: 0.5, on: true }, clientId);
    for (const [note, clientId] of [
      [60, 'a'],
      [62, 'a'],
      [62, 'b'],
      [64, 'b'],
    ] as const) {
      down(note, clientId);
    }
    await rig.settle();
    const before = rig.core.taken.length;
    rig.session.onMessage({ t: 'client', clientId: 'a', joined: false, address: '' });
    await rig.settle();
    expect(rig.core.taken.slice(before)).toMatchObject([off(instanceId, 60)]);
    rig.session.onLinkDown();
    await rig.settle();
    expect(rig.core.taken.slice(before + 1)).toMatchObject([
      off(instanceId, 62),
      off(instanceId, 64),
    ]);
    // Once.
    rig.session.onLinkDown();
    await rig.settle();
    expect(rig.core.taken).toHaveLength(before + 3);
  });

  test('is refused for an effect', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    const note = { cmd: 'NOTE', instanceId, note: 60, velocity: 1, on: true } as const;
    expect(await rig.ask(note)).toMatchObject({ code: 4025 });
  });
});

describe('BYPASS_PLUGIN', () => {
  test('reaches the core, is shown and stored, and is no step', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    const { head } = rig.state.history;
    await rig.ask({ cmd: 'BYPASS_PLUGIN', instanceId, bypassed: true });
    expect(rig.core.bypassed).toEqual([[instanceId, true]]);
    expect(rig.state.plugins[instanceId]?.bypassed).toBe(true);
    expect(rig.writes).toContainEqual({ kind: 'pluginBypass', instanceId, bypassed: true });
    expect(rig.state.history.head).toBe(head);
  });

  test('of what is loaded again holds', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    await rig.ask({ cmd: 'BYPASS_PLUGIN', instanceId, bypassed: true });
    await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
    await rig.pass(10_000);
    rig.core.bypassed.length = 0;
    await rig.ask({ cmd: 'REDO', scope: 'SESSION' });
    expect(rig.core.bypassed).toEqual([[instanceId, true]]);
    expect(rig.state.plugins[instanceId]?.bypassed).toBe(true);
  });
});

describe('WATCH_PARAMS', () => {
  const watching = async () => {
    const rig = pluginRig();
    const ids = [await loaded(rig, 0), await loaded(rig, 0)] as const;
    rig.send({ cmd: 'WATCH_PARAMS', instanceId: ids[0] }, 'watcher');
    await rig.settle();
    return { rig, ids };
  };
  const moved = (rig: Rig, id: string, value: number, value2: number) =>
    tell(rig, 'pluginMoved', id, { value, value2 });

  test('tells the last value of each parameter, thirty times a second at most', async () => {
    const { ids, rig } = await watching();
    for (const value of [0.1, 0.2, 0.3]) await moved(rig, ids[0], 7, value);
    await moved(rig, ids[0], 8, 1);
    await rig.ask({ cmd: 'SET_PARAM', instanceId: ids[0], paramId: 9, val: 0.5 });
    expect(paramsTo(rig, 'watcher')).toEqual([]);
    await rig.pass(LIMITS.paramsMs);
    const [instanceId] = ids;
    expect(paramsTo(rig, 'watcher')).toEqual([
      { type: 'PARAMS', instanceId, values: { 7: 0.3, 8: 1, 9: 0.5 } },
    ]);
    expect(1000 / LIMITS.paramsMs).toBeLessThanOrEqual(30);
    await rig.pass(1000);
    expect(paramsTo(rig, 'watcher')).toHaveLength(1);
  });

  test('tells those who watch, of what they watch, as long as they do', async () => {
    const { ids, rig } = await watching();
    await moved(rig, ids[1], 1, 1);
    await rig.pass(LIMITS.paramsMs);
    expect(paramsTo(rig, 'watcher')).toEqual([]);
    rig.send({ cmd: 'WATCH_PARAMS', instanceId: ids[1] }, 'watcher');
    await moved(rig, ids[1], 1, 0.5);
    await rig.pass(LIMITS.paramsMs);
    expect(paramsTo(rig, 'watcher')).toHaveLength(1);
    expect(paramsTo(rig, 'client')).toEqual([]);
    rig.send({ cmd: 'WATCH_PARAMS', instanceId: null }, 'watcher');
    await moved(rig, ids[1], 1, 0.25);
    await rig.pass(LIMITS.paramsMs);
    expect(paramsTo(rig, 'watcher')).toHaveLength(1);
  });

  test('is over when the client or the gateway is gone', async () => {
    for (const leave of ['client', 'gateway'] as const) {
      const { ids, rig } = await watching();
      const left = { t: 'client', clientId: 'watcher', joined: false, address: '' } as const;
      if (leave === 'client') rig.session.onMessage(left);
      else rig.session.onLinkDown();
      await moved(rig, ids[0], 1, 1);
      await rig.pass(LIMITS.paramsMs);
      expect(paramsTo(rig, 'watcher')).toEqual([]);
    }
  });

  test('refuses a plug-in that is not there', async () => {
    const rig = pluginRig();
    const watch = { cmd: 'WATCH_PARAMS', instanceId: NOWHERE } as const;
    expect(await rig.ask(watch)).toMatchObject({ code: 4023 });
    expect(await rig.ask({ ...watch, instanceId: null })).toMatchObject({ type: 'OK' });
  });
});

describe('the parameters of a plug-in', () => {
  const ask = async (rig: Rig, instanceId: string, from: number) => {
    rig.session.onMessage({ t: 'query', id: 9, query: { kind: 'params', instanceId, from } });
    await rig.pass(50);
    const answer = rig.emitted.findLast((each) => each.t === 'result');
    if (answer?.t !== 'result' || answer.result.kind !== 'params') throw new Error('no answer');
    return answer.result.params;
  };

  test('come in pages, with what a player may do with each', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    const about = { stepCount: 1, value: 0.5, defaultValue: 1, units: 'dB', text: '-6' };
    const flags = [1, 1 << 1, 1 << 4, 1 << 16];
    rig.core.params.push(
      ...Array.from({ length: LIMITS.pluginParamPage + 4 }, (_, param) => ({
        ...about,
        param,
        flags: flags[param % flags.length] ?? 0,
        title: `${param}`,
      })),
    );
    const page = await ask(rig, instanceId, 0);
    expect(page?.items).toHaveLength(LIMITS.pluginParamPage);
    expect(page?.items[2]).toEqual({
      ...about,
      paramId: 2,
      title: '2',
      canSet: true,
      isBypass: false,
      isHidden: true,
    });
    expect(page?.items.slice(0, 4).map(({ canSet, isBypass }) => [canSet, isBypass])).toEqual([
      [true, false],
      [false, false],
      [true, false],
      [true, true],
    ]);
    const last = await ask(rig, instanceId, page?.next ?? NaN);
    expect([last?.items.length, last?.next]).toEqual([4, null]);
  });

  test('are as the plug-in tells them after it was asked', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    const { pluginParams } = rig.core;
    const param = { param: 1, stepCount: 0, flags: 0, value: 0, defaultValue: 0 };
    const texts = { title: 'Gain', units: '', text: '' };
    rig.core.pluginParams = (...asked) => {
      const known = pluginParams.apply(rig.core, asked);
      rig.core.params.splice(0, 1, { ...param, ...texts, value: 0.75 });
      return known;
    };
    expect((await ask(rig, instanceId, 0))?.items).toMatchObject([{ value: 0.75 }]);
  });

  test('of one that is not loaded are none', async () => {
    expect(await ask(pluginRig(), NOWHERE, 0)).toBeNull();
  });
});

describe('a plug-in that could not be loaded', () => {
  test('leaves nothing behind in the core', async () => {
    const rig = pluginRig();
    rig.core.loadedCode = 3005;
    expect(await rig.ask({ cmd: 'LOAD_VST', slot: 0, pluginId: ROOM })).toMatchObject({
      code: 3005,
    });
    const { id = [] } = rig.core.pluginLoads[0] ?? {};
    await rig.pass(10_000);
    expect(rig.core.unloaded).toEqual([idOfWords(id)]);
  });
});

describe('RETRY_PLUGIN', () => {
  test('of what is loaded lets its process start again', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    expect(await rig.ask({ cmd: 'RETRY_PLUGIN', instanceId })).toMatchObject({ type: 'OK' });
    expect(rig.core.retried).toEqual([instanceId]);
  });

  test('of what could not be loaded loads it, and its chain has it', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 0);
    await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
    await rig.pass(10_000);
    rig.core.loadedCode = 3005;
    await rig.ask({ cmd: 'REDO', scope: 'SESSION' });
    expect(rig.state.plugins[instanceId]?.status).toBe('off');
    expect(Object.values(rig.state.alerts)).toMatchObject([{ code: 3005, instanceId }]);
    rig.core.loadedCode = 0;
    expect(await rig.ask({ cmd: 'RETRY_PLUGIN', instanceId })).toMatchObject({ type: 'OK' });
    expect(rig.state.plugins[instanceId]?.status).toBe('on');
    expect([rig.core.chains.get('0'), rig.state.alerts]).toEqual([[instanceId], {}]);
  });
});

test('in Safe Mode nothing of it is done, and it says so', async () => {
  const rig = pluginRig({ safe: SAFE });
  const instanceId = NOWHERE;
  for (const command of [
    { cmd: 'LOAD_VST', slot: 0, pluginId: ROOM },
    { cmd: 'UNLOAD_PLUGIN', instanceId },
    { cmd: 'MOVE_PLUGIN', instanceId, slot: 0, index: 0 },
    { cmd: 'BYPASS_PLUGIN', instanceId, bypassed: true },
    { cmd: 'SET_PARAM', instanceId, paramId: 0, val: 0 },
    { cmd: 'NOTE', instanceId, note: 1, velocity: 1, on: true },
    { cmd: 'RETRY_PLUGIN', instanceId },
  ] as const) {
    expect(await rig.ask(command)).toMatchObject({ code: 4026 });
  }
  expect([rig.core.pluginLoads, rig.core.taken]).toEqual([[], []]);
});
