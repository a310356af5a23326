import { describe, expect, test } from 'bun:test';
import { FEATURE_MAGIC, STRIP_MAGIC } from '../../../protocol/features.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { stateHash } from '../../../protocol/state-hash.ts';
import type { ToEngine } from '../../../protocol/link.ts';
import { PROTOCOL_HASH } from '../../../protocol/version.ts';
import { connectLink } from '../../../server/link/link-client.ts';
import { makeInbox } from '../../support/inbox.ts';
import { connectDeaf } from './support/deaf-socket.ts';
import type { FakeEngine } from './support/fake-engine.ts';
import { magicOf, makeFrame, seqOf } from './support/feature-frame.ts';
import type { Player } from './support/player.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

const featuresOf = (player: Player) =>
  player.binaries().filter((bytes) => magicOf(bytes) === FEATURE_MAGIC);
const stripsOf = (player: Player) =>
  player.binaries().filter((bytes) => magicOf(bytes) === STRIP_MAGIC);

/** Each frame is waited for by a round trip, so that the link replaces none by its successor. */
const play = async (engine: FakeEngine, witness: Player, from: number, count: number) => {
  for (let seq = from; seq < from + count; seq += 1) {
    engine.link.sendBinary(makeFrame({ seq, newestBucket: 100 + seq }));
    await witness.barrier();
  }
};

/** More than the kernel's buffers may grow to: 42 MB. */
const FLOOD_COUNT = 700;
const flood = async (engine: FakeEngine, witness: Player) => {
  const name = 'n'.repeat(60_000);
  for (let i = 0; i < FLOOD_COUNT; i += 1) {
    engine.patch([{ op: 'replace', path: '/meta/sessionName', value: `${name}${i}` }]);
    if (i % 10 === 0) await witness.barrier();
  }
  await witness.barrier();
};

describe('feature frames', () => {
  test('a client that does not acknowledge gets five, one ACK lets the next ones through', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    await play(engine, player, 1, 12);
    expect(featuresOf(player).map(seqOf)).toEqual([1, 2, 3, 4, 5]);
    player.send({ cmd: 'ACK', seq: 3 });
    await play(engine, player, 13, 6);
    expect(featuresOf(player).map(seqOf)).toEqual([1, 2, 3, 4, 5, 13, 14, 15]);
  });

  test('a client that acknowledges gets every frame as it was sent', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join({ acknowledges: true });
    await play(engine, player, 1, 40);
    expect(featuresOf(player).map(seqOf)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(featuresOf(player)[9]).toEqual(makeFrame({ seq: 10, newestBucket: 110 }));
  });

  test('SET_VIS 0 stops them; shown again, the client first gets the strip it missed', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join({ acknowledges: true });
    await play(engine, player, 1, 2);
    expect(player.binaries().map(magicOf)).toEqual([STRIP_MAGIC, FEATURE_MAGIC, FEATURE_MAGIC]);
    player.send({ cmd: 'SET_VIS', fps: 0 });
    await play(engine, player, 3, 40);
    expect(featuresOf(player)).toHaveLength(2);
    player.send({ cmd: 'SET_VIS', fps: 30 });
    await play(engine, player, 43, 1);
    expect(player.binaries().slice(3).map(magicOf)).toEqual([STRIP_MAGIC, FEATURE_MAGIC]);
    expect(featuresOf(player).map(seqOf)).toEqual([1, 2, 43]);
  });

  test('a client that missed more buckets than a frame carries gets the strip before the frame', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    await play(engine, player, 1, 29);
    player.send({ cmd: 'ACK', seq: 5 });
    await play(engine, player, 30, 2);
    const magics = player.binaries().map(magicOf);
    const five = Array<number>(5).fill(FEATURE_MAGIC);
    expect(magics).toEqual([STRIP_MAGIC, ...five, STRIP_MAGIC, FEATURE_MAGIC, FEATURE_MAGIC]);
    expect(featuresOf(player).map(seqOf)).toEqual([1, 2, 3, 4, 5, 30, 31]);
  });

  test('a client without its full state gets no frame', async () => {
    const stage = setStage();
    const link = connectLink({
      path: stage.linkPath,
      hello: () => ({ t: 'hello', epoch: 'e', protocol: PROTOCOL_HASH, enginePid: 1 }),
      // Its second words are not the state they should be.
      full: () => ({ t: 'notice', message: { type: 'NOTICE', code: 1001 } }),
      onMessage: (message) => {
        if (message.t !== 'ping') return;
        link.sendBinary(makeFrame({ seq: 1 }));
        link.send({ ...message, t: 'pong', t1: 1 });
      },
      onUp: () => up.put(true),
      onError: () => undefined,
      retryMs: 5,
    });
    const up = makeInbox<boolean>();
    const player = stage.player();
    await player.next('WELCOME');
    await up.reach(1);
    await player.barrier();
    await player.barrier();
    expect(player.binaries()).toEqual([]);
    link.close();
  });

  test('a client that joins gets the look-back after its full state', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const first = await stage.join({ acknowledges: true });
    await play(engine, first, 1, 5);
    const late = await stage.join();
    await late.barrier();
    const [, full, strip] = late.inbox.items;
    expect(full).toMatchObject({ type: 'STATE_FULL' });
    expect(strip).toBeInstanceOf(Uint8Array);
    expect(stripsOf(late)).toHaveLength(1);
    const view = new DataView(stripsOf(late)[0]?.buffer ?? new ArrayBuffer(0));
    expect([view.getInt32(4, true), view.getUint32(8, true)]).toEqual([105, 28]);
  });

  test('a full state tells time and bar phase of the newest frame, and so does /api/state', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const first = await stage.join();
    engine.link.sendBinary(makeFrame({ seq: 1, barPhase: 0.5, serverTimeMs: 9000 }));
    await first.barrier();
    const late = await stage.join();
    expect(late.state?.transport.barPhase).toBe(0.5);
    expect(late.state?.meta.serverTime).toBe(9000);
    expect(await (await stage.fetch('/api/state')).json()).toMatchObject({
      stateHash: stateHash(engine.state),
      data: { meta: { serverTime: 9000 }, transport: { barPhase: 0.5 } },
    });
  });

  test('what is no feature frame reaches nobody', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    engine.link.sendBinary(new Uint8Array(64));
    await player.barrier();
    engine.link.sendBinary(new Uint8Array(3));
    await player.barrier();
    expect(player.binaries()).toEqual([]);
    expect(stage.logged).toEqual([
      'warn: neither a feature frame nor sound',
      'warn: neither a feature frame nor sound',
    ]);
  });

  test('five seconds without ACK: no patches, one full state after the ACK', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const slow = await stage.join();
    const quick = await stage.join({ acknowledges: true });
    await play(engine, quick, 1, 2);
    stage.advance(LIMITS.clientStaleMs - 1000);
    engine.touch(0.1);
    await slow.next('STATE_PATCH');
    stage.advance(1001);
    engine.touch(0.2);
    engine.touch(0.3);
    await quick.next('STATE_PATCH', ({ revId }) => revId === 4);
    await slow.barrier();
    expect(slow.ofType('STATE_PATCH')).toHaveLength(1);
    slow.send({ cmd: 'ACK', seq: 2 });
    const caughtUp = await slow.next('STATE_FULL', ({ data }) => data.meta.revisionId === 4);
    expect(caughtUp.data.slots[0]?.volume).toBe(0.3);
    engine.touch(0.4);
    await slow.next('STATE_PATCH', ({ revId }) => revId === 5);
    expect(slow.faults).toEqual([]);
    expect(slow.ofType('STATE_FULL')).toHaveLength(2);
    expect(quick.ofType('STATE_FULL')).toHaveLength(1);
  });

  test('thirty seconds without ACK: closed with 4004', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const slow = await stage.join();
    const quick = await stage.join({ acknowledges: true });
    const hidden = await stage.join();
    hidden.send({ cmd: 'SET_VIS', fps: 0 });
    await hidden.barrier();
    await play(engine, quick, 1, 2);
    stage.advance(LIMITS.clientStaleMs + 1);
    engine.touch(0.1);
    await quick.next('STATE_PATCH');
    stage.advance(LIMITS.clientCloseMs - LIMITS.clientStaleMs);
    expect(await slow.closed).toMatchObject({ code: 4004 });
    await quick.barrier();
    await hidden.barrier();
    await hidden.next('STATE_PATCH');
  });

  test('frames stop at one that no ACK is due for: a minute later the client still follows', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    await play(engine, player, 1, 2);
    player.send({ cmd: 'ACK', seq: 2 });
    await play(engine, player, 3, 1);
    for (let second = 0; second < 60; second += 5) {
      stage.advance(5000);
      const revId = engine.touch(second / 100);
      await player.next('STATE_PATCH', (patch) => patch.revId === revId);
    }
    await play(engine, player, 4, 1);
    expect(featuresOf(player).map(seqOf)).toEqual([1, 2, 3, 4]);
    expect(player.ofType('STATE_FULL')).toHaveLength(1);
  });

  test('who answers no ping is closed with 4004, who answers stays', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const hidden = await stage.join();
    hidden.send({ cmd: 'SET_VIS', fps: 0 });
    await hidden.barrier();
    const gone = await connectDeaf(stage.gateway.port, { clientId: 'gone' });
    const isOf = (joined: boolean) => (message: ToEngine) =>
      message.t === 'client' && message.clientId === 'gone' && message.joined === joined;
    await engine.heard.find(isOf(true));
    stage.advance(10_000);
    // The hidden page's socket answers by itself; both were asked in the same turn.
    await hidden.pinged;
    await hidden.barrier();
    stage.advance(20_000);
    await engine.heard.find(isOf(false));
    await hidden.barrier();
    gone.close();
  });

  test('a client that never reads is cut off and costs nobody anything', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const deaf = await connectDeaf(stage.gateway.port, { clientId: 'deaf' });
    const player = await stage.join({ acknowledges: true });
    await flood(engine, player);
    await play(engine, player, 1, 10);
    expect(featuresOf(player)).toHaveLength(10);
    expect(player.ofType('STATE_PATCH')).toHaveLength(FLOOD_COUNT);
    expect(player.faults).toEqual([]);
    stage.advance(LIMITS.clientCloseMs + 1);
    await engine.heard.find(
      (message) => message.t === 'client' && message.clientId === 'deaf' && !message.joined,
    );
    deaf.close();
  }, 20_000);

  test('a client that reads again after a while gets one full state and the patches after it', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join({ acknowledges: true });
    const deaf = await connectDeaf(stage.gateway.port, { clientId: 'deaf' });
    await flood(engine, player);
    deaf.listen();
    const caughtUp = await deaf.heard.find(
      (message) => message.type === 'STATE_FULL' && message.data.meta.revisionId > 1,
    );
    const revId = engine.touch(0.5);
    await deaf.heard.find((message) => message.type === 'STATE_PATCH' && message.revId === revId);
    expect(deaf.heard.items.filter(({ type }) => type === 'STATE_FULL')).toHaveLength(2);
    // Never more than the kernel took and 256 KB: the rest of the flood was left out.
    const patches = deaf.heard.items.filter(({ type }) => type === 'STATE_PATCH');
    expect(patches.length).toBeLessThan(FLOOD_COUNT);
    const { items } = deaf.heard;
    expect(items.at(-2)).toBe(caughtUp);
    expect(items.at(-1)).toMatchObject({ type: 'STATE_PATCH', fromRev: revId - 1 });
    expect(player.ofType('STATE_FULL')).toHaveLength(1);
    deaf.close();
  }, 20_000);
});
