/** What the core tells of plug-ins and their hosts, as clients see it. */
import { describe, expect, test } from 'bun:test';
import { HOST_STATE, PLUGIN_HEARD } from '../../../protocol/abi.ts';
import type { CoreHost } from '../../../server/session/core/plugins.ts';
import { heardAt, loaded, pluginRig, SYNTH, tell } from './plugin-rig.ts';
import type { Rig } from './rig.ts';

const MB = 1_000_000;
const host = (number: number, more: Partial<CoreHost> = {}): CoreHost => ({
  host: number,
  pid: 100 + number,
  state: HOST_STATE.running,
  pluginCount: 1,
  retries: 0,
  isQuarantine: false,
  residentBytes: 20 * MB,
  cpuMs: 0,
  missedBlocks: 0,
  group: 'north',
  ...more,
});

const notices = (rig: Rig) =>
  rig.emitted.flatMap((each) => (each.t === 'notice' ? [each.message] : []));

/** Two of one maker and one of another, in the hosts 1 and 2. */
const played = async () => {
  const rig = pluginRig();
  const ids = [await loaded(rig, 0), await loaded(rig, 1), await loaded(rig, 2, SYNTH)] as const;
  await tell(rig, 'pluginLoaded', ids[0], { slot: 1, value: 96, value2: 3 });
  await tell(rig, 'pluginLoaded', ids[1], { slot: 1, value: 96, value2: 3 });
  await tell(rig, 'pluginLoaded', ids[2], { slot: 2, value: 96, value2: 3 });
  const status = () => ids.map((id) => rig.state.plugins[id]?.status);
  return { rig, ids, status };
};

describe('a host that ends', () => {
  test('has its plug-ins restart, blames one, and is forgiven when they are back', async () => {
    const { ids, rig, status } = await played();
    const lost = { slot: 1, detail: HOST_STATE.lost, code: 3001, value: 1 };
    await tell(rig, 'pluginHost', ids[1], lost);
    expect(status()).toEqual(['restarting', 'restarting', 'on']);
    expect(rig.state.plugins[ids[0]]?.retries).toBe(1);
    expect(rig.state.alerts).toMatchObject({
      [`3001:${ids[1]}`]: { code: 3001, instanceId: ids[1], count: 1 },
    });
    expect(notices(rig)).toMatchObject([{ code: 3001, detail: 'Room' }]);
    for (const id of ids.slice(0, 2)) {
      await tell(rig, 'pluginLoaded', id, { slot: 1, value: 96, value2: 3 });
    }
    expect([status(), rig.state.alerts]).toEqual([['on', 'on', 'on'], {}]);
  });

  test('and of which nobody is to blame is told of all', async () => {
    const { ids, rig } = await played();
    await tell(rig, 'pluginHost', null, { slot: 1, detail: HOST_STATE.lost, code: 3002 });
    expect(Object.keys(rig.state.alerts)).toEqual([`3002:${ids[0]}`, `3002:${ids[1]}`]);
  });

  test('too often leaves them off until the player asks', async () => {
    const { ids, rig, status } = await played();
    await tell(rig, 'pluginHost', ids[0], { slot: 1, detail: HOST_STATE.lost, code: 3001 });
    const over = { slot: 1, detail: HOST_STATE.gaveUp, code: 3007, value: 4 };
    await tell(rig, 'pluginHost', ids[0], over);
    expect(status()).toEqual(['off', 'off', 'on']);
    expect(Object.keys(rig.state.alerts)).toEqual([`3007:${ids[0]}`, `3007:${ids[1]}`]);
    await tell(rig, 'pluginHeard', ids[0], { detail: PLUGIN_HEARD.dry, code: 3007 });
    await rig.ask({ cmd: 'RETRY_PLUGIN', instanceId: ids[0] });
    await tell(rig, 'pluginLoaded', ids[0], { slot: 1, value: 96, value2: 3 });
    await tell(rig, 'pluginLoaded', ids[1], { slot: 1, value: 96, value2: 3 });
    expect([status(), rig.state.alerts]).toEqual([['on', 'on', 'on'], {}]);
  });
});

test('a plug-in that is taken out takes its alerts with it', async () => {
  const { ids, rig } = await played();
  for (const id of ids.slice(0, 2)) {
    await tell(rig, 'pluginHeard', id, { detail: PLUGIN_HEARD.dry, code: 3003 });
  }
  await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: ids[0] });
  expect(Object.keys(rig.state.alerts)).toEqual([`3003:${ids[1]}`]);
});

test('a plug-in that gets a process of its own has its chain made anew there', async () => {
  const { ids, rig } = await played();
  const made = rig.core.chainsMade.length;
  const own = { slot: 7, detail: HOST_STATE.starting, code: 3008 };
  await tell(rig, 'pluginHost', ids[0], own);
  expect(rig.core.chainsMade).toHaveLength(made);
  await tell(rig, 'pluginLoaded', ids[0], { slot: 7, value: 96, value2: 3 });
  expect(rig.core.chainsMade).toHaveLength(made + 1);
  expect(heardAt(rig, 0)).toEqual([ids[0]]);
  expect(rig.state.plugins[ids[0]]).toMatchObject({ hostId: '7', status: 'on' });
  expect(notices(rig)).toMatchObject([{ code: 3008, detail: 'Room' }]);
  expect(rig.state.history.count).toBe(4);
});

test('another latency makes the chain anew, the same one does not', async () => {
  const { ids, rig } = await played();
  const made = rig.core.chainsMade.length;
  await tell(rig, 'pluginLoaded', ids[0], { slot: 1, value: 96, value2: 3 });
  expect(rig.core.chainsMade).toHaveLength(made);
  await tell(rig, 'pluginLoaded', ids[0], { slot: 1, value: 480, value2: 3 });
  expect(rig.core.chainsMade).toHaveLength(made + 1);
  expect(rig.state.plugins[ids[0]]?.latencyFrames).toBe(480);
});

describe('a plug-in that is not heard', () => {
  test('is dry, or slow with an alert, until it is heard', async () => {
    const { ids, rig, status } = await played();
    await tell(rig, 'pluginHeard', ids[0], { detail: PLUGIN_HEARD.dry });
    await tell(rig, 'pluginHeard', ids[1], { detail: PLUGIN_HEARD.dry, code: 3003 });
    expect(status()).toEqual(['dry', 'slow', 'on']);
    expect(Object.keys(rig.state.alerts)).toEqual([`3003:${ids[1]}`]);
    for (const id of ids) await tell(rig, 'pluginHeard', id, { detail: PLUGIN_HEARD.wet });
    expect([status(), rig.state.alerts]).toEqual([['on', 'on', 'on'], {}]);
  });

  test('because its process is being started says that', async () => {
    const { ids, rig, status } = await played();
    await tell(rig, 'pluginHost', null, { slot: 1, detail: HOST_STATE.lost });
    await tell(rig, 'pluginHeard', ids[0], { detail: PLUGIN_HEARD.dry });
    expect(status()[0]).toBe('restarting');
  });
});

test('settings that were not taken back, and memory, are told and pass', async () => {
  const { ids, rig } = await played();
  await tell(rig, 'notice', ids[0], { slot: 1, code: 3006 });
  await tell(rig, 'notice', null, { slot: 2, code: 3004 });
  expect(Object.keys(rig.state.alerts)).toEqual([`3006:${ids[0]}`, `3004:${ids[2]}`]);
  rig.core.frame += 11 * 48_000;
  rig.session.tick(rig.state.system, true);
  expect(rig.state.alerts).toEqual({});
});

describe('hosts', () => {
  test('are shown once a second with memory and load', async () => {
    const { ids, rig } = await played();
    const second = () => {
      rig.core.frame += 48_000;
      rig.session.tick(rig.state.system, true);
    };
    rig.core.hosts.push(host(1, { cpuMs: 1000, pluginCount: 2 }), host(2, { group: 'two hands' }));
    second();
    expect(rig.state.hosts).toMatchObject({
      1: { name: 'north', status: 'running', pid: 101, memoryMB: 20, load: 0, plugins: 2 },
      2: { name: 'two hands' },
    });
    rig.core.hosts.splice(0, 2, host(1, { cpuMs: 1250, missedBlocks: 3 }));
    second();
    expect(rig.state.hosts).toMatchObject({ 1: { load: 0.25, missedBlocks: 3 } });
    expect(Object.keys(rig.state.hosts)).toEqual(['1']);
    // Another process counts from the beginning.
    rig.core.hosts.splice(0, 1, host(1, { cpuMs: 10, pid: 999 }));
    second();
    expect(rig.state.hosts[1]?.load).toBe(0);
    expect(rig.state.plugins[ids[0]]?.hostId).toBe('1');
  });

  test('that ended are not, and a new one is there with the first news of it', async () => {
    const { rig } = await played();
    rig.core.hosts.push(
      host(1, { state: HOST_STATE.starting }),
      host(2, { state: HOST_STATE.ended }),
    );
    await tell(rig, 'pluginHost', null, { slot: 1, detail: HOST_STATE.starting });
    expect(rig.state.hosts).toMatchObject({ 1: { status: 'starting' } });
    expect(Object.keys(rig.state.hosts)).toEqual(['1']);
  });
});
