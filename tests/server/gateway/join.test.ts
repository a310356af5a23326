import { describe, expect, test } from 'bun:test';
import type { PatchOp } from '../../../protocol/messages.ts';
import { stateHash } from '../../../protocol/state-hash.ts';
import { PROTOCOL_HASH } from '../../../protocol/version.ts';
import { printedSeed } from '../../support/seed.ts';
import type { FakeEngine } from './support/fake-engine.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

/** Mulberry32: small, and the same everywhere. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const alertOps = (engine: FakeEngine, random: () => number): PatchOp[] => {
  const [first] = Object.keys(engine.state.alerts);
  if (first !== undefined && random() < 0.5) {
    return [{ op: 'remove', path: `/alerts/${first.replaceAll('~', '~0').replaceAll('/', '~1')}` }];
  }
  const name = `a/${Math.floor(random() * 50)}~x`;
  const value = { code: 1001, sinceMs: 1, count: 1 };
  const path = `/alerts/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [{ op: 'add', path, value }];
};

const randomOps = (engine: FakeEngine, random: () => number): PatchOp[] => {
  const slot = Math.floor(random() * 8);
  const kind = Math.floor(random() * 4);
  if (kind === 0) return [{ op: 'replace', path: `/slots/${slot}/volume`, value: random() }];
  if (kind === 1) {
    const value = { kind: 'mute', atFrame: 1, takeId: null, bars: 0 };
    return [
      { op: 'replace', path: `/slots/${slot}/pending`, value: random() < 0.5 ? null : value },
    ];
  }
  if (kind === 2) return alertOps(engine, random);
  return [
    { op: 'replace', path: '/transport/bpm', value: 20 + random() * 280 },
    { op: 'replace', path: `/slots/${slot}/name`, value: `n${random()}` },
  ];
};

describe('joining', () => {
  test('WELCOME names client, epoch and protocol, then comes one full state', async () => {
    const stage = setStage();
    const engine = stage.engine({ revId: 7 });
    const player = await stage.join({ hello: { clientId: 'me', protocol: PROTOCOL_HASH } });
    expect(player.texts().map((message) => message.type)).toEqual(['WELCOME', 'STATE_FULL']);
    expect(player.ofType('WELCOME')[0]).toEqual({
      type: 'WELCOME',
      clientId: 'me',
      epoch: engine.epoch,
      protocol: PROTOCOL_HASH,
    });
    expect(player.state).toEqual(engine.state);
    expect(await engine.heard.find((message) => message.t === 'client')).toEqual({
      t: 'client',
      clientId: 'me',
      joined: true,
      address: '127.0.0.1',
    });
    player.close();
    await engine.heard.find((message) => message.t === 'client' && !message.joined);
  });

  test('the same epoch and revision needs no full state, and patches follow it', async () => {
    const stage = setStage();
    const engine = stage.engine({ revId: 7 });
    await (await stage.join()).barrier();
    const again = stage.player({ hello: { epoch: engine.epoch, revId: 7 } });
    await again.next('WELCOME');
    engine.touch(0.5);
    expect(await again.next('STATE_PATCH')).toMatchObject({ fromRev: 7, revId: 8 });
    expect(again.ofType('STATE_FULL')).toEqual([]);
    for (const hello of [
      { epoch: engine.epoch, revId: 7 },
      { epoch: 'other', revId: 8 },
      { epoch: engine.epoch },
      {},
    ]) {
      await stage.join({ hello });
    }
  });

  test('under random patches each client gets one full state and no gap', async () => {
    const random = makeRandom(printedSeed());
    const stage = setStage();
    const engine = stage.engine();
    const first = await stage.join();
    const players = [first];
    for (let step = 0; step < 400; step += 1) {
      if (step % 40 === 20) players.push(stage.player());
      engine.patch(randomOps(engine, random));
      // Lets joins and patches interleave in different ways.
      if (random() < 0.2) await players[Math.floor(random() * players.length)]?.opened;
      if (random() < 0.2) await first.barrier();
    }
    const hash = stateHash(engine.state);
    for (const player of players) {
      await player.opened;
      await player.barrier();
      expect(player.faults).toEqual([]);
      expect(player.ofType('STATE_FULL')).toHaveLength(1);
      expect(player.ofType('WELCOME')).toHaveLength(1);
      expect(player.state?.meta.revisionId).toBe(engine.state.meta.revisionId);
      expect(player.state === null ? null : stateHash(player.state)).toBe(hash);
    }
    const { revId, stateHash: told } = (await (await stage.fetch('/api/state')).json()) as {
      revId: number;
      stateHash: string;
    };
    expect({ revId, told }).toEqual({ revId: engine.state.meta.revisionId, told: hash });
  });

  test('a patch that does not follow is kept from the clients, and one full state mends it', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    // The link lost revision 2.
    engine.state.meta.revisionId = 2;
    engine.touch(0.25);
    await engine.heard.find((message) => message.t === 'resync');
    const mended = await player.next('STATE_FULL', ({ data }) => data.meta.revisionId === 3);
    expect(mended.data.slots[0]?.volume).toBe(0.25);
    expect(player.ofType('STATE_PATCH')).toEqual([]);
    engine.touch(0.75);
    await player.next('STATE_PATCH');
    expect(player.faults).toEqual([]);
    expect(player.ofType('STATE_FULL')).toHaveLength(2);
    expect(stage.logged).toEqual(['warn: a patch does not follow']);
  });

  test.each([
    [{ op: 'replace', path: '/nowhere/at/all', value: 1 }],
    [{ op: 'replace', path: 'no pointer', value: 1 }],
  ] as PatchOp[][])('a patch that cannot be applied asks for a full state (%#)', async (...ops) => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const { epoch } = engine;
    engine.send({ t: 'patch', epoch, fromRev: 1, revId: 2, ops });
    await engine.heard.find((message) => message.t === 'resync');
    await player.barrier();
    expect(player.ofType('STATE_PATCH')).toEqual([]);
  });

  test('a full state that everybody has is not told again', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const { epoch, state: data } = engine;
    engine.send({ t: 'full', epoch, data });
    await player.barrier();
    expect(player.ofType('STATE_FULL')).toHaveLength(1);
    data.meta.revisionId += 1;
    engine.send({ t: 'full', epoch, data });
    await player.barrier();
    expect(player.ofType('STATE_FULL')).toHaveLength(2);
  });

  test('another protocol is closed with 4001', async () => {
    const stage = setStage();
    stage.engine();
    const old = stage.player({ hello: { protocol: 'abc' } });
    expect(await old.closed).toMatchObject({ code: 4001 });
    expect(old.texts()).toMatchObject([{ type: 'ERROR', code: 5009 }]);
  });

  test('a client that does not say HELLO in five seconds is closed with 4002', async () => {
    const stage = setStage();
    const silent = stage.player({ hello: null });
    await silent.opened;
    silent.send({ cmd: 'PLAY', reqId: 'a' });
    await silent.next('ERROR', ({ code, reqId }) => code === 5008 && reqId === 'a');
    stage.advance(4000);
    const joined = stage.player();
    await joined.next('WELCOME');
    stage.advance(1000);
    expect(await silent.closed).toMatchObject({ code: 4002 });
    joined.send({ cmd: 'SET_VIS', fps: 8, reqId: 'still here' });
    await joined.next('OK');
  });

  test('the seventeenth client is refused, and let in when one has gone', async () => {
    const stage = setStage();
    stage.engine();
    const players = await Promise.all(Array.from({ length: 16 }, () => stage.join()));
    const late = stage.player();
    expect(await late.closed).toMatchObject({ code: 4003 });
    expect(late.texts()).toMatchObject([{ type: 'ERROR', code: 5006 }]);
    const [first] = players;
    first?.close();
    await first?.closed;
    await players[1]?.barrier();
    await stage.join();
  });
});
