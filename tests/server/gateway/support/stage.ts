/** A gateway on a port of its own, with everything a test opens closed after it. */
import { afterAll, afterEach } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from '../../../../server/gateway/gateway.ts';
import { connectEngine, type FakeEngine, type FakeEngineOptions } from './fake-engine.ts';
import { Player, type PlayerOptions } from './player.ts';

export interface Stage {
  readonly folder: string;
  readonly gateway: Gateway;
  readonly linkPath: string;
  readonly origin: string;
  /** What the gateway logged: level and event. */
  readonly logged: string[];
  /** Moves the gateway's clock on. */
  advance(ms: number): void;
  engine(options?: FakeEngineOptions): FakeEngine;
  /** Connected, greeted, with its full state. */
  join(options?: PlayerOptions): Promise<Player>;
  player(options?: PlayerOptions): Player;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Call once per test file: registers the clean-up and returns the way to set a stage. */
export const useStages = () => {
  const folder = mkdtempSync(join(tmpdir(), 'fz-gw-'));
  const open: { close(): void }[] = [];
  let count = 0;
  afterEach(() => {
    for (const each of open.splice(0).toReversed()) each.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return (options: Partial<GatewayOptions> = {}): Stage => {
    const linkPath = join(folder, `${(count += 1)}.sock`);
    const logged: string[] = [];
    let aheadMs = 0;
    const gateway = startGateway({
      host: '127.0.0.1',
      port: 0,
      linkPath,
      webFolder: join(folder, 'no-page'),
      dataFolder: folder,
      logFolder: null,
      config: { device: 'headless' },
      rateLimit: true,
      lan: null,
      log: (level, event) => logged.push(`${level}: ${event}`),
      now: () => performance.now() + aheadMs,
      ...options,
    });
    open.push({ close: () => gateway.stop() });
    const kept = <T extends { close(): void }>(thing: T): T => {
      open.push(thing);
      return thing;
    };
    const origin = `http://127.0.0.1:${gateway.port}`;
    const player = (more?: PlayerOptions) => kept(new Player(gateway.port, more));
    return {
      folder,
      gateway,
      linkPath,
      origin,
      logged,
      advance: (ms) => {
        aheadMs += ms;
      },
      engine: (more) => kept(connectEngine(linkPath, more)),
      player,
      join: async (more) => {
        const joined = player(more);
        await joined.next('STATE_FULL');
        return joined;
      },
      fetch: (path, init) => fetch(origin + path, init),
    };
  };
};
