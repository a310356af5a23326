/** Each process of the product writes a log of its own, also what it says last. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { healthOf } from '../judge/stage.ts';

type Line = Record<string, unknown>;

/** A line that is no JSON object fails here. */
const linesOf = (data: string, name: string): Line[] =>
  readFileSync(join(data, 'logs', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

const eventsOf = (data: string, name: string): unknown[] =>
  linesOf(data, name).map(({ event }) => event);

test(
  'launcher, engine and gateway have their logs; deaths, starts and the end are in them',
  () =>
    withCleanup(async (later) => {
      const product = await startProduct(['--device', 'headless'], { data: makeFolder() });
      later(() => product.stop('SIGKILL'));
      const { data } = product;
      const socket = new WebSocket(`${product.url.replace('http', 'ws')}/ws`);
      later(() => socket.close());
      await until('the socket is open', () => socket.readyState === WebSocket.OPEN);
      socket.send('{"cmd":"HELLO"}');
      const { enginePid } = await healthOf(product);
      process.kill(enginePid, 'SIGKILL');
      await until('the next engine has begun', async () => {
        const health = (await (await product.get('/api/health')).json()) as { enginePid?: number };
        return health.enginePid !== undefined && health.enginePid !== enginePid;
      });
      expect(await product.stop()).toBe(0);

      expect(eventsOf(data, 'launcher')).toEqual(['started', 'engine process died', 'ended']);
      expect(linesOf(data, 'launcher')[1]).toMatchObject({ level: 'error', signal: 'SIGKILL' });
      const engine = linesOf(data, 'engine');
      expect(new Set(engine.map(({ pid }) => pid)).size).toBe(2);
      expect(engine.filter(({ event }) => event === 'engine started')).toHaveLength(2);
      expect(eventsOf(data, 'gateway')).toContain('client left');
      for (const name of ['launcher', 'engine', 'gateway']) {
        for (const line of linesOf(data, name)) {
          expect(line).toMatchObject({ name, severity: expect.any(Number) });
          expect(Date.parse(String(line['ts']))).toBeGreaterThan(1_700_000_000_000);
        }
      }
    }),
  60_000,
);
