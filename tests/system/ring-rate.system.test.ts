/** FlowZone is killed, and comes back on a JACK server of another rate: what is in memory is saved first. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Json } from '../judge/client.ts';
import { missingPrograms, startJack } from '../judge/jack.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';

const SHARED = '/dev/shm';
const HEADER_BYTES = 58;
const BYTES_PER_FRAME = 8;
const DEVICE_MS_MAX = 20_000;
const missing = missingPrograms();

const rings = () => readdirSync(SHARED).filter((name) => name.startsWith('flowzone-'));
/** The ninth word of a ring: one past the newest frame. */
const newestFrame = (ring: string) => Number(readFileSync(ring).readBigUInt64LE(64));

const spooledFrames = (run: string): number =>
  readdirSync(run)
    .filter((name) => name.endsWith('.wav'))
    .reduce(
      (sum, name) => sum + (statSync(join(run, name)).size - HEADER_BYTES) / BYTES_PER_FRAME,
      0,
    );

const kill = async (product: Product): Promise<void> => {
  const { enginePid, gatewayPid, pid } = product.ready;
  for (const each of [pid, gatewayPid, enginePid]) process.kill(each, 'SIGKILL');
  await product.stop();
};

test.skipIf(missing.length > 0)(
  'a press and the sound that wait in memory at the rate before are saved, then the device plays',
  () =>
    withCleanup(async (later) => {
      const data = makeFolder();
      const known = new Set(rings());
      const before = await startProduct(['--device', 'headless', '--rate', '44100'], { data });
      const [name] = rings().filter((ring) => !known.has(ring));
      const ring = join(SHARED, name ?? '');
      const player = await connect(before.url);
      await until('three seconds were heard', () => newestFrame(ring) > 3 * 44_100);
      const press = { cmd: 'TRIGGER_SLOT', slot: 2, quantized: false, bars: 1 };
      await player.ask(press);
      await until('the press is in its slot', () => player.state().slots[2].takeId !== null);
      const { takeId } = player.state().slots[2];
      await kill(before);
      const heard = newestFrame(ring);
      const [run = ''] = readdirSync(join(data, 'spool'));

      const jack = await startJack();
      later(jack.stop);
      const after = await startProduct(['--device', 'jack'], { data, env: jack.env });
      later(() => after.stop());
      const health = () => after.json<Json>('/api/health').catch(() => null);
      await until(
        'the device plays',
        async () => (await health())?.device === 'jack',
        DEVICE_MS_MAX,
      );
      expect(spooledFrames(join(data, 'spool', run))).toBeGreaterThanOrEqual(heard);
      expect(readdirSync(join(data, 'spool'))).toHaveLength(2);
      const client = await connect(after.url);
      await until('the loop is back', () => client.state().slots[2].saved === true);
      expect(client.state().slots[2].takeId).toBe(takeId);
    }),
  60_000,
);
