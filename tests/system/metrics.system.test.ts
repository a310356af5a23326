/** The figures of a running product move, count what happened, and say nothing of a dead engine. */
import { expect, test } from 'bun:test';
import { connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { healthOf, ok, waitBars } from '../judge/stage.ts';

const RATE_HZ = 48_000;
const BLOCK_FRAMES = 128;

const sampleOf = (text: string, name: string): number => {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1));
};

test(
  'a capture is counted until it is saved; blocks come as the clock says; a killed engine is a hole',
  () =>
    withCleanup(async (later) => {
      const product = await startProduct(['--device', 'headless', '--bpm', '240'], {
        data: makeFolder(),
        env: { FLOWZONE_CRASH_GUARD: 'off' },
      });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      const metrics = async () => (await product.get('/metrics')).text();
      const history = async (): Promise<Json> => product.json('/api/metrics/history');
      await waitBars(product, 2);
      await ok(client, { cmd: 'TRIGGER_SLOT', slot: 0, bars: 1, quantized: true });
      const count = 'flowzone_commit_durable_seconds_count';
      await until('the loop is saved', async () => sampleOf(await metrics(), count) === 1);
      const seconds = sampleOf(await metrics(), 'flowzone_commit_durable_seconds_sum');
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(3);
      for (const file of ['session', 'recording']) {
        const synced = `flowzone_disk_fsync_seconds_count{file="${file}"}`;
        await until(
          `${file}: a sync is counted`,
          async () => sampleOf(await metrics(), synced) > 0,
        );
      }

      const known = (series: (number | null)[]) => series.filter((each) => each !== null);
      await until('three seconds are known', async () => {
        return known((await history())['series']['blocks']).length >= 3;
      });
      const { series } = await history();
      const expected = RATE_HZ / BLOCK_FRAMES;
      for (const blocks of known(series['blocks'])) {
        expect(blocks).toBeGreaterThan(expected * 0.7);
        expect(blocks).toBeLessThan(expected * 1.3);
      }
      for (const name of [
        'engineCpu',
        'engineMB',
        'gatewayMB',
        'audioLoad',
        'sentFps',
        'writtenFrames',
        'syncMs',
        'savedMs',
      ]) {
        expect([name, known(series[name]).length > 0]).toEqual([name, true]);
      }

      process.kill((await healthOf(product)).enginePid, 'SIGKILL');
      await until('the next engine was seen', async () => {
        return sampleOf(await metrics(), 'flowzone_engine_starts_total') === 2;
      });
      await until('its figures come behind a hole', async () => {
        const { blocks } = (await history())['series'];
        const hole = blocks.lastIndexOf(null);
        return hole > 2 && hole < blocks.length - 1;
      });
    }),
  60_000,
);
