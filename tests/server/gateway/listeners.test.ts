import { expect, test } from 'bun:test';
import { SOUND_HEADER_WORDS, SOUND_MAGIC } from '../../../protocol/sound.ts';
import { Client } from '../../../server/gateway/client.ts';
import { Listeners } from '../../../server/gateway/listeners.ts';

const makeClient = () => {
  const sent: (string | Uint8Array)[] = [];
  const at = { bufferedBytes: 0 };
  const socket = {
    send: (data: string | Uint8Array) => sent.push(data),
    getBufferedAmount: () => at.bufferedBytes,
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  };
  const about = { address: '127.0.0.1', loopback: true, deviceId: null, bucket: null, openedMs: 0 };
  return { client: new Client({ socket, ...about }), sent, at };
};

const makeStage = () => {
  const told: boolean[] = [];
  const engine = {
    send(message: { t: string; on?: boolean }) {
      if (message.t === 'listen') told.push(message.on === true);
      return null;
    },
  };
  return { told, engine, listeners: new Listeners() };
};

const piece = new Uint8Array(new Uint32Array([SOUND_MAGIC, 48_000, 0, 0, 1]).buffer);

test('the engine is asked while somebody listens, and each engine anew', () => {
  const { engine, listeners, told } = makeStage();
  const [a, b] = [makeClient(), makeClient()];
  listeners.set(a.client, true, engine);
  listeners.set(b.client, true, engine);
  listeners.set(a.client, true, engine);
  expect(told).toEqual([true]);
  listeners.tell(engine);
  expect(told).toEqual([true]);
  listeners.greet(engine);
  listeners.set(a.client, false, engine);
  expect(told).toEqual([true, true]);
  listeners.set(b.client, false, engine);
  listeners.set(b.client, false, engine);
  expect(told).toEqual([true, true, false]);
});

test('only those who listen and have room get a piece; others hold nobody up', () => {
  const { engine, listeners } = makeStage();
  const [deaf, slow, well] = [makeClient(), makeClient(), makeClient()];
  for (const { client } of [slow, well]) listeners.set(client, true, engine);
  slow.at.bufferedBytes = 1;
  expect(listeners.offer(piece, 0)).toBeTrue();
  slow.at.bufferedBytes = 0;
  expect(listeners.offer(piece, 0)).toBeTrue();
  expect([deaf, slow, well].map(({ sent }) => sent.length)).toEqual([0, 1, 2]);
  expect(listeners.skippedCount).toBe(1);
});

test('who owes answers for its frames is behind, however much its kernel has swallowed', () => {
  const { engine, listeners } = makeStage();
  const { client, sent } = makeClient();
  listeners.set(client, true, engine);
  for (const seq of [1, 2]) client.window.offer(seq, 100, true);
  for (const nowMs of [399, 400]) listeners.offer(piece, nowMs);
  expect(sent).toHaveLength(1);
  client.window.acknowledge(2);
  listeners.offer(piece, 401);
  expect(sent).toHaveLength(2);
});

test('what a full link did not take is told again', () => {
  const told: boolean[] = [];
  let refusal: number | null = 1009;
  const engine = {
    send(message: { t: string; on?: boolean }) {
      if (refusal === null) told.push(message.on === true);
      return refusal;
    },
  };
  const listeners = new Listeners();
  listeners.set(makeClient().client, true, engine);
  refusal = null;
  listeners.tell(engine);
  listeners.tell(engine);
  expect(told).toEqual([true]);
});

test('what is no sound is left to others', () => {
  const { engine, listeners } = makeStage();
  const { client, sent } = makeClient();
  listeners.set(client, true, engine);
  expect(listeners.offer(new Uint8Array(SOUND_HEADER_WORDS * 4), 0)).toBeFalse();
  expect(listeners.offer(piece.subarray(0, 8), 0)).toBeFalse();
  expect(sent).toEqual([]);
});
