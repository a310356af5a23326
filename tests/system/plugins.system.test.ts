/** Plug-ins in the running product: listed for every client, offered while it runs, looked at again. */
import { expect, test } from 'bun:test';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';

const OFFERED_MS_MAX = 3000;

/** Made for another computer: it is seen without being opened. */
const putForeign = (folder: string, name: string): void => {
  const half = join(folder, `.${name}`);
  mkdirSync(join(half, 'Contents', 'abacus-linux'), { recursive: true });
  writeFileSync(join(half, 'Contents', 'abacus-linux', `${name}.so`), 'x');
  renameSync(half, join(folder, `${name}.vst3`));
};

test(
  'what lies in the folders is told, what comes is told within three seconds, and a look is a job',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      putForeign(folder, 'Early');
      const product = await startProduct(['--device', 'headless'], {
        env: { FLOWZONE_PLUGIN_PATH: folder },
      });
      later(() => product.stop());
      const client = await connect(product.url);
      later(() => client.close());
      const listOf = () => client.state()['pluginList'];
      const list = () => product.json<Json>('/api/plugins');

      await until('the first bundle', () => listOf().refused === 1);
      expect(await list()).toMatchObject({
        revision: listOf().revision,
        items: [],
        refused: [{ name: 'Early', code: 3012, bundle: join(folder, 'Early.vst3') }],
      });

      putForeign(folder, 'Late');
      const from = performance.now();
      await until('the second bundle', () => listOf().refused === 2);
      const waitedMs = performance.now() - from;
      process.stderr.write(`told ${(waitedMs / 1000).toFixed(2)} s after its last byte\n`);
      expect(waitedMs).toBeLessThan(OFFERED_MS_MAX);

      const answer = await client.ask({ cmd: 'RESCAN_PLUGINS' });
      const { jobId } = answer['result'];
      await until('the look', () => client.state()['jobs'][jobId]?.state === 'done');
      expect(client.state()['jobs'][jobId]).toMatchObject({ kind: 'rescan', progress: 1 });
      expect((await list()).refused.map(({ name }: Json) => name)).toEqual(['Early', 'Late']);
    }),
  60_000,
);
