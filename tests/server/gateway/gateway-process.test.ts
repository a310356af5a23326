import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { CONFIG_VARIABLE } from '../../../server/config.ts';
import { lanAddresses } from '../../../server/lan.ts';
import type { FromChild, ToChild } from '../../../server/supervise/ipc.ts';
import { type Inbox, makeInbox } from '../../support/inbox.ts';
import { connectEngine, type FakeEngine } from './support/fake-engine.ts';
import { Player } from './support/player.ts';

const MAIN = join(import.meta.dir, '../../../server/gateway/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'fz-gwp-'));
const open: { close(): void }[] = [];
let count = 0;
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Child {
  readonly linkPath: string;
  readonly told: Inbox<FromChild>;
  readonly exited: Promise<number>;
  readonly pid: number;
  port(): Promise<number>;
  send(message: ToChild): void;
  disconnect(): void;
  kill(): void;
}

const start = (port = 0, lan = false): Child => {
  const linkPath = join(folder, `${(count += 1)}.sock`);
  const config = {
    host: '127.0.0.1',
    lan,
    port,
    linkPath,
    webFolder: folder,
    dataFolder: folder,
    rateLimit: true,
  };
  const told = makeInbox<FromChild>();
  const child = Bun.spawn(['bun', MAIN], {
    env: { ...process.env, [CONFIG_VARIABLE]: JSON.stringify(config) },
    stdio: ['ignore', 'ignore', 'inherit'],
    ipc: (message) => told.put(message as FromChild),
  });
  open.push({ close: () => child.kill('SIGKILL') });
  return {
    linkPath,
    told,
    exited: child.exited,
    pid: child.pid,
    port: async () => {
      const ready = await told.find((message) => message.t === 'ready');
      return ready.t === 'ready' ? (ready.port ?? 0) : 0;
    },
    send: (message) => child.send(message),
    disconnect: () => child.disconnect(),
    kill: () => child.kill('SIGKILL'),
  };
};

const engineFor = (child: Child, options = {}): FakeEngine => {
  const engine = connectEngine(child.linkPath, options);
  open.push(engine);
  return engine;
};

const greet = (port: number, hello = {}): Player => {
  const player = new Player(port, { hello });
  open.push(player);
  return player;
};

describe('gateway process', () => {
  test('tells its port, beats four times a second and serves', async () => {
    const child = start();
    const port = await child.port();
    const health = await fetch(`http://127.0.0.1:${port}/api/health`);
    expect(await health.json()).toMatchObject({ code: 1010, gatewayPid: child.pid });
    engineFor(child);
    const player = greet(port);
    await player.next('STATE_FULL');
    const before = child.told.items.length;
    const started = performance.now();
    await child.told.reach(before + 4);
    const beatMs = (performance.now() - started) / 4;
    expect(beatMs).toBeLessThan(2 * LIMITS.heartbeatMs);
    expect(child.told.items.slice(before).every(({ t }) => t === 'beat')).toBeTrue();
  });

  const [address] = lanAddresses();
  test.skipIf(address === undefined)('answers on the network with --lan only', async () => {
    const at = (port: number, path: string) => fetch(`http://${address}:${port}${path}`);
    const closed = await start().port();
    await expect(at(closed, '/')).rejects.toThrow();
    const lan = await start(0, true).port();
    expect((await at(lan, '/')).headers.get('content-type')).toContain('text/html');
    const stranger = await at(lan, '/api/health');
    expect([stranger.status, await stranger.json()]).toMatchObject([401, { code: 5014 }]);
    const own = await fetch(`http://127.0.0.1:${lan}/api/pair`);
    expect(await own.json()).toEqual({ lan: true, devices: [] });
    // Under a name of this computer, but from the network's side.
    const posing = await fetch(`http://${address}:${lan}/api/pair`, {
      headers: { host: `localhost:${lan}` },
    });
    expect(await posing.json()).toMatchObject({ code: 5005 });
  });

  test('a port in use is told to the launcher: exit code 3', async () => {
    const first = start();
    const port = await first.port();
    const second = start(port);
    expect(await second.exited).toBe(3);
    expect(second.told.items.filter(({ t }) => t !== 'beat')).toEqual([
      { t: 'failed', exit: 3, says: expect.stringContaining(String(port)) },
    ]);
    // The first was not disturbed.
    expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(503);
  });

  test('a run folder that holds no socket is told to the launcher: exit code 4', async () => {
    mkdirSync(join(folder, `${count + 1}.sock`));
    const child = start();
    expect(await child.exited).toBe(4);
    expect(child.told.items.filter(({ t }) => t !== 'beat')).toEqual([
      { t: 'failed', exit: 4, says: expect.stringContaining(child.linkPath) },
    ]);
  });

  test('ends when the launcher is gone, and when it is told to', async () => {
    const orphan = start();
    const port = await orphan.port();
    const player = greet(port);
    await player.opened;
    orphan.disconnect();
    expect(await orphan.exited).toBe(0);
    await player.closed;
    const told = start();
    await told.port();
    told.send({ t: 'end', hurry: false });
    expect(await told.exited).toBe(0);
  });

  test('killed and started anew on its port: the client goes on without a full state', async () => {
    const first = start();
    const port = await first.port();
    const engine = engineFor(first, { revId: 3 });
    const player = greet(port);
    await player.next('STATE_FULL');
    first.kill();
    await player.closed;
    await first.exited;
    const second = start(port);
    expect(await second.port()).toBe(port);
    engineFor(second, { epoch: engine.epoch, revId: 3 });
    const again = greet(port, { epoch: engine.epoch, revId: 3 });
    await again.next('WELCOME');
    await again.barrier();
    expect(again.ofType('STATE_FULL')).toEqual([]);
  });
});
