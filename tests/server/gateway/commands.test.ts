import { describe, expect, test } from 'bun:test';
import { SESSION_COMMANDS } from '../../../protocol/commands.ts';
import type { ToEngine } from '../../../protocol/link.ts';
import { answerOk } from './support/fake-engine.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

describe('commands', () => {
  test('go to the engine with their client, and the answer after its patch', async () => {
    const stage = setStage();
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t === 'command') fake.touch(0.125);
        answerOk(fake, message);
      },
    });
    const player = await stage.join({ hello: { clientId: 'me' } });
    const bystander = await stage.join();
    const command = { cmd: 'SET_VOL', slot: 0, val: 0.125, reqId: 'a', at: 5, atFrame: 9 } as const;
    player.send(command);
    const ok = await player.next('OK');
    expect(ok).toEqual({ type: 'OK', reqId: 'a', revId: 2 });
    expect(player.texts().map(({ type }) => type)).toEqual([
      'WELCOME',
      'STATE_FULL',
      'STATE_PATCH',
      'OK',
    ]);
    expect(await engine.heard.find((message) => message.t === 'command')).toEqual({
      t: 'command',
      clientId: 'me',
      loopback: true,
      command,
    });
    await bystander.next('STATE_PATCH');
    expect(bystander.ofType('OK')).toEqual([]);
  });

  test('errors carry the reqId of the command, or none', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    for (const text of ['{bad', '{"cmd":"JUMP"}', '{"cmd":"SET_VOL","slot":0,"val":2}']) {
      player.send(text);
    }
    player.send({ cmd: 'SET_VOL', slot: 99.5, val: 1, reqId: 'r' });
    player.sendBytes(new Uint8Array(8));
    await player.barrier();
    const errors = player.ofType('ERROR');
    expect(errors.map(({ code }) => code)).toEqual([5001, 5002, 5003, 5003, 5001]);
    expect(errors.map((error) => error.reqId)).toEqual([
      undefined,
      undefined,
      undefined,
      'r',
      undefined,
    ]);
    expect(errors[3]?.msg).toContain('/slot');
  });

  test('GET_FULL_STATE, SET_VIS and PING are answered, an ACK never', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    player.send({ cmd: 'GET_FULL_STATE', reqId: 'a' });
    await player.next('OK', ({ reqId }) => reqId === 'a');
    expect(player.ofType('STATE_FULL')).toHaveLength(2);
    player.send({ cmd: 'SET_VIS', fps: 15, reqId: 'b' });
    await player.next('OK', ({ reqId }) => reqId === 'b');
    const before = player.texts().length;
    player.send({ cmd: 'ACK', seq: 1, reqId: 'c' });
    player.send({ cmd: 'PING', t0: 12.5 });
    expect(await player.next('PONG')).toEqual({ type: 'PONG', t0: 12.5, t1: 1000 });
    expect(player.texts()).toHaveLength(before + 1);
  });

  test('more than a burst of 200 is refused with 5007, each with its reqId', async () => {
    const stage = setStage({ now: () => 0 });
    const engine = stage.engine({ onMessage: answerOk });
    const player = await stage.join();
    for (let i = 0; i < 300; i += 1) player.send({ cmd: 'PLAY', reqId: `r${i}` });
    await player.next('ERROR', ({ reqId }) => reqId === 'r299');
    const refused = player.ofType('ERROR');
    // HELLO took a token too.
    expect(refused.map(({ reqId }) => reqId)).toEqual(
      Array.from({ length: 101 }, (_, i) => `r${i + 199}`),
    );
    expect(refused.every(({ code }) => code === 5007)).toBeTrue();
    const commands = engine.heard.items.filter((message) => message.t === 'command');
    expect(commands).toHaveLength(199);
  });

  test('acknowledging takes nothing away from commands', async () => {
    const stage = setStage({ now: () => 0 });
    stage.engine({ onMessage: answerOk });
    const player = await stage.join();
    for (let seq = 0; seq < 300; seq += 1) player.send({ cmd: 'ACK', seq });
    player.send({ cmd: 'PLAY', reqId: 'a' });
    await player.next('OK', ({ reqId }) => reqId === 'a');
    expect(player.ofType('ERROR')).toEqual([]);
  });

  test('the limit can be lifted for this computer', async () => {
    const stage = setStage({ now: () => 0, rateLimit: false });
    stage.engine({ onMessage: answerOk });
    const player = await stage.join();
    for (let i = 0; i < 1000; i += 1) player.send({ cmd: 'PLAY', reqId: `r${i}` });
    await player.next('OK', ({ reqId }) => reqId === 'r999');
    expect(player.ofType('ERROR')).toEqual([]);
  });

  test('every session command reaches the engine as it is', async () => {
    const samples: Record<string, object> = {
      TRIGGER_SLOT: { slot: 'auto', quantized: true, bars: 4 },
      SET_VOL: { slot: 1, val: 0.5 },
      SET_PAN: { slot: 1, val: -1 },
      MUTE_SLOT: { slot: 1, muted: true },
      SOLO_SLOT: { slot: 1, soloed: true },
      RENAME_SLOT: { slot: 1, name: '' },
      CLEAR_SLOT: { slot: 1 },
      SET_TEMPO: { bpm: 90.5 },
      ADJUST_LOOP: { slot: 2, bars: 2, shiftBeats: 1 },
      REACH_BACK: { slot: 2, fromBar: 4, bars: 2 },
      RESTORE_TAKE: { takeId: crypto.randomUUID(), slot: 2 },
      MERGE_SLOTS: { from: [0, 3], to: 1 },
      SET_TAIL: { slot: 1, on: true },
      SET_TEMPO_MODE: { slot: 1, mode: 'stretch' },
      SET_METER: { beats: 7, unit: 8 },
      SET_LATENCY_TRIM: { trimMs: -100 },
      SET_METRONOME: { on: true },
      SET_LOOP_BARS: { bars: 16 },
      SET_INPUT: { source: 0, gainDb: -6 },
      UNDO: { scope: 'SESSION' },
      REDO: { scope: 'SESSION' },
      RECALL_RIFF: { riffId: crypto.randomUUID(), when: 'bar' },
      SET_MARK: { riffId: crypto.randomUUID(), label: 'Chorus' },
      PANIC: { scope: 'ALL' },
      EXPORT: { what: { bars: 4 }, format: 'flac', stems: true },
      LOAD_VST: { slot: 'input', pluginId: `vst3:${'a'.repeat(32)}`, index: 0 },
      UNLOAD_PLUGIN: { instanceId: crypto.randomUUID() },
      MOVE_PLUGIN: { instanceId: crypto.randomUUID(), slot: 3, index: 7 },
      BYPASS_PLUGIN: { instanceId: crypto.randomUUID(), bypassed: true },
      SET_PARAM: { instanceId: crypto.randomUUID(), paramId: 4_294_967_295, val: 1 },
      WATCH_PARAMS: { instanceId: null },
      RETRY_PLUGIN: { instanceId: crypto.randomUUID() },
      NOTE: { instanceId: crypto.randomUUID(), note: 60, velocity: 0.5, on: true },
      CANCEL_JOB: { jobId: crypto.randomUUID() },
      OPEN_SESSION: { sessionId: crypto.randomUUID() },
      REMOVE_SESSION: { sessionId: crypto.randomUUID(), riffs: 3 },
      RESTORE_SESSION: { sessionId: crypto.randomUUID() },
      RENAME_SESSION: { name: 'Monday' },
    };
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const sent = Object.keys(SESSION_COMMANDS).map((cmd) => ({ cmd, ...samples[cmd] }));
    for (const command of sent) player.send(command);
    await player.barrier();
    const heard = engine.heard.items.filter(
      (message): message is ToEngine & { t: 'command' } => message.t === 'command',
    );
    expect(heard.map(({ command }) => command as object)).toEqual(sent);
  });

  test('a message of 1 MB closes that client and nobody else', async () => {
    const stage = setStage();
    stage.engine();
    const careless = await stage.join();
    const other = await stage.join();
    careless.send('x'.repeat(1_048_576));
    expect((await careless.closed).code).toBe(1009);
    await other.barrier();
    expect(other.ofType('ERROR')).toEqual([]);
  });
});
