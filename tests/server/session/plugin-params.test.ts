/** Parameters of plug-ins: set by a player, and asked for page by page. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { loaded, NOWHERE, pluginRig, ROOM } from './plugin-rig.ts';
import type { Rig } from './rig.ts';

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

describe('the parameters of a plug-in', () => {
  const ask = async (rig: Rig, instanceId: string, from: number, isFresh = false) => {
    const query = { kind: 'params', instanceId, from, isFresh } as const;
    rig.session.onMessage({ t: 'query', id: 9, query });
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

  test('behind the first ones too, when they are wanted fresh', async () => {
    const rig = pluginRig();
    const instanceId = await loaded(rig, 3);
    const texts = { title: 'Gain', units: '', text: '' };
    const row = { param: 1, stepCount: 0, flags: 0, value: 0.25, defaultValue: 0, ...texts };
    rig.core.params.splice(0, 3, row, row, row);
    const { pluginParams } = rig.core;
    rig.core.pluginParams = (id, from, capacity) => {
      const known = pluginParams.apply(rig.core, [id, from, capacity]);
      // As the core does: it asks the plug-in only when all of them are wanted.
      if (from === 0) rig.core.params.splice(2, 1, { ...row, value: 0.75 });
      return known;
    };
    expect((await ask(rig, instanceId, 2))?.items).toMatchObject([{ value: 0.25 }]);
    expect((await ask(rig, instanceId, 2, true))?.items).toMatchObject([{ value: 0.75 }]);
  });

  test('of one that is not loaded are none', async () => {
    expect(await ask(pluginRig(), NOWHERE, 0)).toBeNull();
  });
});
