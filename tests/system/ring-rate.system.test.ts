/** FlowZone is killed, and comes back on a JACK server of another rate: the sound in memory goes to disk. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms, startJack } from '../judge/jack.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';

const SHARED = '/dev/shm';
const HEADER_BYTES = 58;
const BYTES_PER_FRAME = 8;
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

test.skipIf(missing.length > 0)(
  'what waits in memory at the rate of the device before is written out',
  () =>
    withCleanup(async (later) => {
      const data = makeFolder();
      const known = new Set(rings());
      const before = await startProduct(['--device', 'headless', '--rate', '44100'], { data });
      const [name] = rings().filter((ring) => !known.has(ring));
      const ring = join(SHARED, name ?? '');
      await until('a second was heard', () => newestFrame(ring) > 44_100);
      const { enginePid, gatewayPid, pid } = before.ready;
      for (const each of [pid, gatewayPid, enginePid]) process.kill(each, 'SIGKILL');
      await before.stop();
      const heard = newestFrame(ring);
      const [run = ''] = readdirSync(join(data, 'spool'));

      const jack = await startJack();
      later(jack.stop);
      const after = await startProduct(['--device', 'jack'], { data, env: jack.env });
      later(() => after.stop());
      expect(after.log()).toContain('all that was played before');
      expect(spooledFrames(join(data, 'spool', run))).toBeGreaterThanOrEqual(heard);
      expect(readdirSync(join(data, 'spool'))).toHaveLength(2);
    }),
  60_000,
);
