/** Promise 3 on a full disk: a take that could not be stored survives an ordered end. */
import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' });

test.skipIf(!canMount)(
  'a take captured on a full disk is back and saved after an ordered end (needs root for a small tmpfs)',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const mounted = run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
      expect(mounted.stderr).toBe('');
      later(() => run('umount', ['-l', folder]));
      const data = `${folder}/data`;
      mkdirSync(data);
      const hash = createHash('sha256').update(data).digest('hex').slice(0, 16);
      const hasRing = () => existsSync(`/dev/shm/flowzone-${hash}`);
      const start = async () => {
        const env = { FLOWZONE_RING_SECONDS: '140' };
        const product = await startProduct(['--device', 'headless', '--bpm', '240'], { data, env });
        later(() => product.stop('SIGKILL'));
        const client = await connect(product.url);
        return { product, client };
      };

      const first = await start();
      await until(
        'a bar was heard',
        async () => (await first.product.json<{ frame: number }>('/api/health')).frame > 96_000,
      );
      run('dd', ['if=/dev/zero', `of=${folder}/fill`, 'bs=64k']);
      await until('the disk is critical', () =>
        first.client.messages.some(({ type, code }) => type === 'NOTICE' && code === 1002),
      );
      const { result } = await first.client.ask({
        cmd: 'TRIGGER_SLOT',
        slot: 0,
        quantized: false,
        bars: 1,
      });
      expect(first.client.state().slots[0].saved).toBe(false);
      await first.product.stop();
      expect(hasRing()).toBe(true);

      rmSync(`${folder}/fill`);
      const second = await start();
      await until('the take is back and saved', () => {
        const slot = second.client.state().slots[0];
        return slot.takeId === result.takeId && slot.saved;
      });
      expect(await second.product.stop()).toBe(0);
      expect(hasRing()).toBe(false);
    }),
  40_000,
);
