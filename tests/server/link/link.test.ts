import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppState } from '../../../protocol/state.ts';
import type { ToEngine, ToGateway } from '../../../protocol/link.ts';
import { FrameReader } from '../../../server/link/framing.ts';
import { connectLink, type LinkClient } from '../../../server/link/link-client.ts';
import { listenLink, type LinkServer } from '../../../server/link/link-server.ts';
import { makeInbox } from '../../support/inbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-link-'));
const open: { close(): void }[] = [];
let count = 0;
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const nextPath = () => join(folder, `${(count += 1)}.sock`);
const hello: ToGateway = { t: 'hello', epoch: 'e', protocol: 'p', enginePid: 1 };
const full = (revisionId = 0): ToGateway => ({
  t: 'full',
  epoch: 'e',
  data: { meta: { revisionId } } as AppState,
});

const serve = (path: string) => {
  const messages = makeInbox<ToGateway | 'up' | 'down' | number[]>();
  const server: LinkServer = listenLink({
    path,
    onMessage: messages.put,
    onBinary: (bytes) => messages.put([...bytes]),
    onUp: () => messages.put('up'),
    onDown: () => messages.put('down'),
    onError: () => undefined,
  });
  open.push(server);
  return { server, messages };
};

const connect = (path: string, more: Partial<Parameters<typeof connectLink>[0]> = {}) => {
  const messages = makeInbox<ToEngine>();
  const client: LinkClient = connectLink({
    path,
    hello: () => hello,
    full,
    onMessage: messages.put,
    onError: () => undefined,
    retryMs: 5,
    ...more,
  });
  open.push(client);
  return { client, messages };
};

describe('link', () => {
  test('the engine says hello and full, then both ends hear each other', async () => {
    const path = nextPath();
    const { server, messages } = serve(path);
    const engine = connect(path);
    await messages.reach(3);
    expect(messages.items).toEqual(['up', hello, full()]);
    expect(server.send({ t: 'resync' })).toBeTrue();
    await engine.messages.reach(1);
    expect(engine.messages.items).toEqual([{ t: 'resync' }]);
    engine.client.sendBinary(new Uint8Array([1, 2]));
    await messages.reach(4);
    expect(messages.items[3]).toEqual([1, 2]);
  });

  test('the socket file is for its owner alone', () => {
    const path = nextPath();
    serve(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('an engine that started first connects when the gateway listens, and again after it was gone', async () => {
    const path = nextPath();
    const { client } = connect(path);
    const first = serve(path);
    await first.messages.reach(3);
    first.server.close();
    const second = serve(path);
    await second.messages.reach(3);
    expect(second.messages.items).toEqual(['up', hello, full()]);
    expect(client.isUp).toBeTrue();
  });

  test('the gateway hears that the engine is gone, and sending says so', async () => {
    const path = nextPath();
    const { server, messages } = serve(path);
    const { client } = connect(path);
    await messages.reach(3);
    client.close();
    await messages.reach(4);
    expect(messages.items[3]).toBe('down');
    expect(server.send({ t: 'resync' })).toBeFalse();
  });

  test('a new engine replaces the connection of the old one', async () => {
    const path = nextPath();
    const { server, messages } = serve(path);
    connect(path, { retryMs: 60_000 });
    await messages.reach(3);
    const second = connect(path);
    await messages.reach(7);
    expect(messages.items.slice(3)).toEqual(['down', 'up', hello, full()]);
    server.send({ t: 'resync' });
    await second.messages.reach(1);
  });

  test('a throwing handler closes nothing', async () => {
    const path = nextPath();
    const errors: unknown[] = [];
    const heard = makeInbox<ToGateway>();
    const server = listenLink({
      path,
      onMessage(message) {
        heard.put(message);
        throw new Error('handler');
      },
      onBinary: () => undefined,
      onUp: () => undefined,
      onDown: () => undefined,
      onError: (error) => errors.push(error),
    });
    open.push(server);
    const { client } = connect(path);
    await heard.reach(2);
    client.send({ t: 'patch', epoch: 'e', fromRev: 1, revId: 2, ops: [] });
    await heard.reach(3);
    expect(errors).toHaveLength(3);
  });

  test('sending without a gateway throws nothing', () => {
    const { client } = connect(nextPath());
    expect(() => client.send(full())).not.toThrow();
    expect(() => client.sendBinary(new Uint8Array(3))).not.toThrow();
  });
});

/** A gateway that accepts and reads only when told to. */
const stalledGateway = async (path: string) => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const server: Server = createServer((socket) => {
    socket.pause();
    resolve(socket);
  });
  await new Promise<void>((done) => server.listen(path, done));
  open.push({ close: () => server.close() });
  return promise;
};

describe('a gateway that does not read', () => {
  test('costs at most the cap, makes the link stale, and gets one full state and the answers when it reads', async () => {
    const path = nextPath();
    const stalled = stalledGateway(path);
    const ups = makeInbox<true>();
    let rev = 0;
    const { client } = connect(path, { full: () => full(rev), onUp: () => ups.put(true) });
    await ups.reach(1);
    const socket = await stalled;
    open.push({ close: () => socket.destroy() });

    const answerOf = (reqId: string): ToGateway => ({
      t: 'answer',
      clientId: 'c',
      message: { type: 'OK', reqId, revId: rev },
    });
    const value = 'x'.repeat(10_000);
    const queued: ToGateway[] = [];
    for (rev = 1; !client.isStale; rev += 1) {
      client.send({
        t: 'patch',
        epoch: 'e',
        fromRev: rev - 1,
        revId: rev,
        ops: [{ op: 'replace', path: '/meta/version', value }],
      });
      queued.push(answerOf(`q${rev}`));
      client.send(answerOf(`q${rev}`));
      expect(rev).toBeLessThan(1000);
    }
    const answer = answerOf('last');
    client.send(answer);
    client.sendBinary(new Uint8Array(100));

    const heard = makeInbox<ToGateway>();
    let binaries = 0;
    const reader = new FrameReader({
      onJson: (m) => heard.put(m as ToGateway),
      onBinary: () => (binaries += 1),
    });
    const { promise: done, resolve } = Promise.withResolvers<void>();
    socket.on('data', (bytes: Buffer) => {
      reader.push(bytes);
      if (Bun.deepEquals(heard.items.at(-1), answer)) resolve();
    });
    socket.resume();
    await done;
    // Those that waited when it became stale, too: each comes once, none is lost.
    const answers: ToGateway[] = heard.items.filter((m) => m.t === 'answer');
    expect(answers).toEqual([...queued, answer]);
    const last = heard.items.findLastIndex((m) => m.t === 'full');
    expect(heard.items[last]).toEqual(full(rev));
    expect(heard.items.slice(last + 1).every((m) => m.t === 'answer')).toBeTrue();
    expect(heard.items.filter((m) => m.t === 'full')).toHaveLength(2);
    // What waited is in the full state and does not come as well.
    expect(heard.items.filter((m) => m.t === 'patch').length).toBeLessThan(rev / 2);
    expect(binaries).toBe(0);
    expect(client.isStale).toBeFalse();
  });
});
