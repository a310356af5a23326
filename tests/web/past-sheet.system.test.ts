/** Earlier bars on the page of the real product: bit-exact in the slot, and kindly refused. */
import { expect, test } from 'bun:test';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, healthOf, killEngine, RATE } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP } from '../support/page-stand.ts';

const SEED = 4012;

test(
  'bars chosen on the page are what the slot plays; those nobody heard are refused',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const noise = makeNoise(SEED, 60 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise);
      const product = await startProduct(
        ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`],
        { data: `${folder}/data`, env: { FLOWZONE_CRASH_GUARD: 'off' } },
      );
      later(() => product.stop());
      const browser = await launchBrowser();
      later(() => browser.close());
      const { faults, page } = await openPage(browser, product.url, { viewport: DESKTOP });
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      const slots = async () => (await product.json<{ data: AppState }>('/api/state')).data.slots;
      const take = page.getByRole('button', { name: /^Take bar/ });

      await page.getByRole('button', { name: 'Earlier…' }).click();
      await page.locator('[data-bar="6"][data-known="true"]').waitFor();
      await page.locator('[data-bar="3"]').click();
      await page.getByRole('button', { name: '2 bars' }).last().click();
      await take.click();
      const slot = await until('saved', async () => {
        const first = (await slots())[0];
        return first?.saved === true && first.takeId ? first : undefined;
      });
      expect(slot).toMatchObject({ state: 'PLAYING', bars: 2 });
      const file = await product.get(`/api/takes/${slot.takeId}/audio`);
      const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
      expect(samples).toEqual(noise.subarray(2 * 2 * BAR_FRAMES, 2 * 4 * BAR_FRAMES));

      expect(faults).toEqual([]);

      const { enginePid, frame } = await healthOf(product);
      await killEngine(product, enginePid, 20_000);
      await until(
        'some bars later',
        async () => (await frameOf(product)) > frame + 6 * RATE,
        30_000,
      );
      await page.getByRole('button', { name: '1 bar', exact: true }).last().click();
      const why = page.getByText('That part of the past is not there');
      const taken = async () => (await slots()).filter(({ takeId }) => takeId !== null).length;
      const asked = async (bar: number) => {
        const before = await taken();
        await page.locator(`[data-bar="${bar}"]`).click();
        await take.click();
        return until(`an answer for bar ${bar}`, async () => {
          if ((await why.count()) > 0) return 'refused';
          return (await taken()) > before ? 'taken' : undefined;
        });
      };
      // Nobody listened in the bar of the kill, or in the one after it.
      const answers: string[] = [];
      for (let bar = Math.floor(frame / BAR_FRAMES); !answers.includes('refused'); bar++) {
        answers.push(await asked(bar));
      }
      expect(answers.length).toBeLessThanOrEqual(4);
      expect(await taken()).toBe(answers.length);
    }),
  90_000,
);
