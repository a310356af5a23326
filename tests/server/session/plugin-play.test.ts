/** Playing plug-ins: notes, bypass, and the player's way to try again. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { loaded, NOWHERE, pluginRig, ROOM, SYNTH } from './plugin-rig.ts';

const SAFE = { step: 1, reason: 'It stopped three times.', suspects: [], sinceMs: 0 };

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

test('in Safe Mode nothing else of it is done, and it says so', async () => {
  const rig = pluginRig({ safe: SAFE });
  const instanceId = NOWHERE;
  for (const command of [
    { cmd: 'LOAD_VST', slot: 0, pluginId: ROOM },
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
