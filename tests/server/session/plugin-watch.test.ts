/** Who watches the parameters of a plug-in is told of them, in good time and not too often. */
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import { loaded, NOWHERE, pluginRig, tell } from './plugin-rig.ts';
import type { Rig } from './rig.ts';

/** PARAMS that a client was sent. */
const paramsTo = (rig: Rig, clientId: string) =>
  rig.emitted.flatMap((each) =>
    each.t === 'answer' && each.clientId === clientId && each.message.type === 'PARAMS'
      ? [each.message]
      : [],
  );

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
