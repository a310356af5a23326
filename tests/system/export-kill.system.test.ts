/** An engine that is killed while it exports leaves all of the export or nothing of it. */
import { expect, test } from 'bun:test';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, connect } from '../judge/client.ts';
import { beginExport, endOfJob } from '../judge/export.ts';
import { lookAt } from '../judge/export-folders.ts';
import { until, withCleanup } from '../judge/product.ts';
import { healthOf, killEngine, setStage } from '../judge/stage.ts';
import { makeRandom } from '../judge/wav.ts';

const KILLS = 16;

test('killed at any moment of an export: all of it or nothing, and nothing is left lying about', () =>
  withCleanup(async (later) => {
    const seed = Number(process.env['FZ_SEED'] ?? Math.floor(performance.timeOrigin % 1_000_000));
    process.stdout.write(`FZ_SEED=${seed}\n`);
    const random = makeRandom(seed);
    const { client: first, product } = await setStage(seed, later);
    const exports = join(product.data, 'exports');
    const riffId = String(first.state()['history'].head);
    const begin = (client: Client) =>
      beginExport(client, { what: { riffId }, format: 'wav32f', stems: true });
    const startMs = performance.now();
    await endOfJob(first, await begin(first));
    const lastsMs = performance.now() - startMs;
    let cutCount = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const client = await connect(product.url);
      const { enginePid } = await healthOf(product);
      await begin(client);
      await Bun.sleep(random() * lastsMs);
      const isBack = killEngine(product, enginePid);
      const found = lookAt(exports);
      expect(found.faults).toEqual([]);
      cutCount += found.hiddenCount;
      await isBack;
      await until('nothing half written', () => lookAt(exports).hiddenCount === 0);
      expect(lookAt(exports).faults).toEqual([]);
      client.close();
    }
    const { wholeCount } = lookAt(exports);
    expect(cutCount).toBeGreaterThan(0);
    process.stdout.write(
      `${KILLS} kills in exports of ${lastsMs.toFixed(0)} ms: ${wholeCount - 1} whole, ${cutCount} seen cut, 0 half\n`,
    );
    // A file that comes under its name before the others is caught by the same look.
    const [whole = ''] = readdirSync(exports);
    const files = readdirSync(join(exports, whole));
    for (const [name, count] of [
      ['first file', 1],
      ['all but one', files.length - 1],
    ] as const) {
      mkdirSync(join(exports, name));
      for (const file of files.slice(0, count)) {
        renameSync(join(exports, whole, file), join(exports, name, file));
      }
      expect(lookAt(exports).faults.length).toBeGreaterThan(0);
      for (const file of files.slice(0, count)) {
        renameSync(join(exports, name, file), join(exports, whole, file));
      }
    }
  }));
