import { describe, expect, test } from 'bun:test';
import { connectLink } from '../../../server/link/link-client.ts';
import { connectEngine } from './support/fake-engine.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

describe('without the engine', () => {
  test('clients stay, are told so, and get one full state of the next engine', async () => {
    const stage = setStage();
    const first = stage.engine({ revId: 5 });
    const players = [await stage.join(), await stage.join()];
    first.close();
    for (const player of players) {
      expect(await player.next('NOTICE')).toEqual({ type: 'NOTICE', code: 1010 });
      player.send({ cmd: 'PLAY', reqId: 'lost' });
      player.send({ cmd: 'SET_VIS', fps: 30, reqId: 'kept' });
      player.send({ cmd: 'PING', t0: 1 });
      await player.next('OK', ({ reqId }) => reqId === 'kept');
      await player.next('ERROR', ({ reqId }) => reqId === undefined);
      expect(player.ofType('ERROR').map(({ code, reqId }) => [code, reqId])).toEqual([
        [1010, 'lost'],
        [1010, undefined],
      ]);
    }
    const second = stage.engine();
    for (const player of players) {
      const full = await player.next('STATE_FULL', ({ epoch }) => epoch === second.epoch);
      expect(full.data.meta.revisionId).toBe(1);
      await player.barrier();
      expect(player.ofType('STATE_FULL')).toHaveLength(2);
      expect(player.ofType('NOTICE')).toHaveLength(1);
    }
    second.touch(0.5);
    await players[0]?.next('STATE_PATCH', ({ revId }) => revId === 2);
    expect(players[0]?.faults).toEqual([]);
    expect(second.heard.items.filter(({ t }) => t === 'client')).toHaveLength(2);
  });

  test('why it cannot be started is told once, also to who comes later, and is over with the next', async () => {
    const stage = setStage();
    const first = stage.engine();
    const player = await stage.join();
    first.close();
    await player.next('NOTICE');
    stage.gateway.setRefused('the disk is away');
    stage.gateway.setRefused('the disk is away');
    const refused = { type: 'NOTICE', code: 1010, detail: 'the disk is away' } as const;
    expect(await player.next('NOTICE', ({ detail }) => detail !== undefined)).toEqual(refused);
    const late = stage.player();
    expect(await late.next('NOTICE')).toEqual(refused);
    const second = stage.engine();
    await player.next('STATE_FULL', ({ epoch }) => epoch === second.epoch);
    // Said of one before it.
    stage.gateway.setRefused('the disk is away');
    await player.barrier();
    expect(player.ofType('NOTICE')).toHaveLength(2);
  });

  test('the same engine back after a lost link is told by one full state', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    engine.close();
    await player.next('NOTICE');
    stage.engine({ epoch: engine.epoch });
    await player.inbox.reach(4);
    expect(player.texts().map(({ type }) => type)).toEqual([
      'WELCOME',
      'STATE_FULL',
      'NOTICE',
      'STATE_FULL',
    ]);
  });

  test('who asks for the state meanwhile is told again that it is the last one of an engine that is away', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    engine.close();
    await player.next('NOTICE');
    player.send({ cmd: 'GET_FULL_STATE', reqId: 'again' });
    await player.next('OK', ({ reqId }) => reqId === 'again');
    expect(player.texts().map(({ type }) => type)).toEqual([
      'WELCOME',
      'STATE_FULL',
      'NOTICE',
      'STATE_FULL',
      'NOTICE',
      'OK',
    ]);
    expect(player.ofType('NOTICE').at(-1)).toEqual({ type: 'NOTICE', code: 1010 });
  });

  test('who waits for an answer gets ERROR 1010, on the socket and by REST', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    player.send({ cmd: 'PLAY', reqId: 'waits' });
    const body = JSON.stringify({ cmd: 'PAUSE' });
    const request = stage.fetch('/api/commands', { method: 'POST', body });
    const query = stage.fetch(`/api/takes/${crypto.randomUUID()}`);
    await engine.heard.find((message) => message.t === 'command' && message.command.cmd === 'PLAY');
    await engine.heard.find((message) => message.t === 'command' && message.clientId === 'rest');
    await engine.heard.find((message) => message.t === 'query');
    engine.close();
    expect(await player.next('ERROR')).toMatchObject({ code: 1010, reqId: 'waits' });
    for (const response of [await request, await query]) {
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 1010 });
    }
  });

  test('health, state and commands answer 503 with 1010, and 200 when it is back', async () => {
    const stage = setStage();
    const ask = async () => {
      const responses = await Promise.all([
        stage.fetch('/api/health'),
        stage.fetch('/api/state'),
        stage.fetch('/api/riffs'),
        stage.fetch('/api/commands', { method: 'POST', body: '{"cmd":"PLAY"}' }),
      ]);
      return Promise.all(
        responses.map(async (response) => {
          const { code } = (await response.json()) as { code?: number };
          return [response.status, code];
        }),
      );
    };
    const away = [503, 1010];
    expect(await ask()).toEqual([away, away, away, away]);
    expect(await (await stage.fetch('/api/health')).json()).toMatchObject({
      gatewayPid: process.pid,
    });
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t === 'query') {
          fake.send({
            t: 'result',
            id: message.id,
            result: { kind: 'riffs', items: [], next: null },
          });
        }
        if (message.t !== 'command') return;
        const reqId = message.command.reqId ?? '';
        fake.send({
          t: 'answer',
          clientId: message.clientId,
          message: { type: 'OK', reqId, revId: 1 },
        });
      },
    });
    const player = await stage.join();
    await player.barrier();
    const there = [200, undefined];
    expect(await ask()).toEqual([there, there, there, there]);
    engine.close();
    await player.next('NOTICE');
    expect(await ask()).toEqual([away, away, away, away]);
  });

  test('a gateway that starts first says nothing for two seconds, then that the engine is away', async () => {
    const stage = setStage();
    const player = stage.player({ hello: { epoch: 'e', revId: 3 } });
    expect(await player.next('WELCOME')).toMatchObject({ epoch: '' });
    player.send({ cmd: 'PING', t0: 1 });
    player.send({ cmd: 'SET_VIS', fps: 30, reqId: 'heard' });
    await player.next('OK');
    expect(player.texts().map(({ type }) => type)).toEqual(['WELCOME', 'OK']);
    stage.advance(2000);
    await player.next('NOTICE', ({ code }) => code === 1010);
    player.send({ cmd: 'PING', t0: 2 });
    await player.next('ERROR', ({ code }) => code === 1010);
    const late = stage.player();
    await late.next('NOTICE', ({ code }) => code === 1010);
    stage.engine({ epoch: 'e', revId: 3 });
    await player.next('STATE_FULL');
    await late.next('STATE_FULL');
  });

  test('a new gateway welcomes a client that holds the state before the engine has come', async () => {
    const stage = setStage();
    const holds = stage.player({ hello: { epoch: 'e', revId: 3 } });
    const other = stage.player({ hello: { epoch: 'e', revId: 2 } });
    await holds.next('WELCOME');
    await other.next('WELCOME');
    const engine = stage.engine({ epoch: 'e', revId: 3 });
    await other.next('STATE_FULL');
    engine.touch(0.5);
    expect(await holds.next('STATE_PATCH')).toMatchObject({ fromRev: 3 });
    expect(holds.ofType('STATE_FULL')).toEqual([]);
    expect(holds.ofType('NOTICE')).toEqual([]);
  });

  test('an engine that says hello and then nothing is asked for its state', async () => {
    const stage = setStage();
    const heard: string[] = [];
    const asked = new Promise<void>((done) => {
      const link = connectLink({
        path: stage.linkPath,
        hello: () => ({ t: 'hello', epoch: 'e', protocol: 'p', enginePid: 1 }),
        // Its second words are not the state they should be.
        full: () => ({ t: 'notice', message: { type: 'NOTICE', code: 1001 } }),
        onMessage: ({ t }) => {
          heard.push(t);
          if (t === 'resync') done(link.close());
        },
        onUp: () => stage.advance(1000),
        onError: () => undefined,
      });
    });
    await asked;
    expect(heard).toEqual(['resync']);
    expect(stage.logged).toContain('warn: the engine speaks another protocol');
  });

  test('a frozen engine: 1011 for clients and health, over with a full state', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    await player.barrier();
    stage.gateway.setFrozen(true);
    await player.next('NOTICE', ({ code }) => code === 1011);
    const late = stage.player();
    await late.next('NOTICE', ({ code }) => code === 1011);
    const frozen = await stage.fetch('/api/health');
    expect(frozen.status).toBe(503);
    expect(await frozen.json()).toMatchObject({ code: 1011, enginePid: 4242 });
    stage.gateway.setFrozen(false);
    await player.next('STATE_FULL', () => player.ofType('STATE_FULL').length > 1);
    expect((await stage.fetch('/api/health')).status).toBe(200);
  });

  test('a gateway that begins beside a frozen engine says that, and not that it is restarted', async () => {
    const stage = setStage();
    stage.gateway.setFrozen(true);
    const player = stage.player();
    await player.next('NOTICE', ({ code }) => code === 1011);
    stage.advance(60_000);
    player.send({ cmd: 'PLAY', reqId: 'asked' });
    expect(await player.next('ERROR')).toMatchObject({ code: 1011, reqId: 'asked' });
    expect(await (await stage.fetch('/api/health')).json()).toMatchObject({ code: 1011 });
    stage.gateway.setFrozen(false);
    player.send({ cmd: 'SET_VIS', fps: 30, reqId: 'heard' });
    await player.next('OK');
    stage.engine();
    await player.next('STATE_FULL');
    await player.barrier();
    expect(player.ofType('NOTICE').map(({ code }) => code)).toEqual([1011]);
    expect((await stage.fetch('/api/health')).status).toBe(200);
  });

  test('a frozen engine that is killed is one that is restarted', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    await player.barrier();
    stage.gateway.setFrozen(true);
    engine.close();
    await player.next('NOTICE', ({ code }) => code === 1010);
    stage.gateway.setFrozen(false);
    expect(await (await stage.fetch('/api/health')).json()).toMatchObject({ code: 1010 });
    expect(player.ofType('NOTICE').map(({ code }) => code)).toEqual([1011, 1010]);
  });

  test('an engine without health for five seconds is taken for frozen', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    await player.barrier();
    stage.advance(5001);
    expect(await (await stage.fetch('/api/health')).json()).toMatchObject({ code: 1011 });
    engine.sendHealth({ blocks: 11 });
    await player.barrier();
    expect((await stage.fetch('/api/health')).status).toBe(200);
  });

  test('a second engine takes the place of the first', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    const next = connectEngine(stage.linkPath);
    await player.next('STATE_FULL', ({ epoch }) => epoch === next.epoch);
    next.close();
  });
});
