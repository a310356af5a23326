/** A card with two pairs: the page picks one, and the take holds that pair and nothing else. */
import { expect, test } from 'bun:test';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { RATE } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';
import { at } from '../support/at.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP } from '../support/page-stand.ts';

const SEED = 34;
const CHANNELS = 4;

test(
  'what is picked on the page is what the take holds',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const noise = makeNoise(SEED, 2 * 60 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise, CHANNELS);
      const product = await startProduct(
        ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`],
        { data: `${folder}/data` },
      );
      later(() => product.stop());
      const browser = await launchBrowser();
      later(() => browser.close());
      const { faults, page } = await openPage(browser, product.url, { viewport: DESKTOP });
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      const state = async () => (await product.json<{ data: AppState }>('/api/state')).data;
      const { sources } = await state();
      await page.getByLabel('Captures take').selectOption(`Only ${at(sources, 2).name}`);
      await page.waitForFunction(
        () =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
      );
      await page.locator('[data-zone="1"]').click();
      const slot = await until('saved', async () => {
        const [first] = (await state()).slots;
        return first?.saved === true && first.takeId ? first : undefined;
      });
      const take = await product.json<{ fromFrame: number; source: number }>(
        `/api/takes/${slot.takeId}`,
      );
      expect(take.source).toBe(2);
      const file = await product.get(`/api/takes/${slot.takeId}/audio`);
      const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
      const heard = (pair: number) =>
        samples.reduce((same, sample, index) => {
          const frame = take.fromFrame + Math.floor(index / 2);
          return same + (sample === noise[CHANNELS * frame + 2 * pair + (index % 2)] ? 1 : 0);
        }, 0);
      expect(samples.length).toBe(2 * RATE);
      expect(heard(1)).toBe(samples.length);
      expect(heard(0)).toBeLessThan(samples.length / 100);
      expect(faults).toEqual([]);
    }),
  90_000,
);
