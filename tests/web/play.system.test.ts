/** Pads and the XY pad of the running product on a phone: a finger is heard in the master. */
import { expect, test } from 'bun:test';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AppState } from '../../protocol/state.ts';
import { connect } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { RATE } from '../judge/stage.ts';
import { makeNoise, writeWavFile } from '../judge/wav.ts';
import { BUNDLES, bundleEnv, whatIsMissing } from '../plugins/sweep/bundles.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { isAbout, masterRms } from '../support/master-level.ts';
import { PHONE } from '../support/page-stand.ts';

const SEED = 83;
const TEST_MS = 120_000;
/** A file that begins with noise and then is silent for longer than the test runs. */
const NOISE_S = 8;
const SILENCE_S = 240;
const SILENT = 0.0005;

const inputFile = (folder: string): string => {
  const path = join(folder, 'input.wav');
  const samples = new Float32Array(2 * (NOISE_S + SILENCE_S) * RATE);
  samples.set(makeNoise(SEED, NOISE_S * RATE));
  writeWavFile(path, RATE, samples, 2);
  return path;
};

const bundlesIn = (folder: string): string => {
  const target = join(folder, 'vst3');
  mkdirSync(target);
  for (const name of ['again.vst3', 'Nekobi.vst3']) {
    cpSync(join(BUNDLES, name), join(target, name), { recursive: true });
  }
  return target;
};

const fingersOf = async (page: Page) => {
  const client = await page.context().newCDPSession(page);
  return (
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    points: readonly { x: number; y: number }[],
  ) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })),
    });
};

const placeOn = async (page: Page, place: string, x: number, y: number) => {
  const box = await page.locator(place).first().boundingBox();
  if (!box) throw new Error(`${place} is not on the page`);
  return { x: box.x + box.width * x, y: box.y + box.height * y };
};

test.skipIf(whatIsMissing() !== '')(
  'two pads under two thumbs are heard, and end with them; the XY pad turns a real plug-in',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const product = await startProduct(
        ['--device', 'headless', '--bpm', '240', '--input', inputFile(folder)],
        {
          data: join(folder, 'data'),
          env: { ...bundleEnv(), FLOWZONE_PLUGIN_PATH: bundlesIn(folder) },
        },
      );
      later(() => product.stop());
      const client = await connect(product.url);
      later(() => client.close());
      const browser = await launchBrowser();
      later(() => browser.close());
      const { faults, page } = await openPage(browser, product.url, {
        viewport: PHONE,
        hasTouch: true,
      });
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      const state = (): AppState => client.state();
      await until('both plug-ins', () => state().pluginList.count >= 2, 30_000);
      const { items } = await product.json<{ items: { name: string; pluginId: string }[] }>(
        '/api/plugins',
      );
      const load = async (name: string, slot: number | 'input') => {
        const row = items.find((each) => each.name.startsWith(name));
        const loaded = await client.ask({ cmd: 'LOAD_VST', slot, pluginId: row?.pluginId });
        expect(loaded).toMatchObject({ type: 'OK' });
        await until(`${name} is heard`, () =>
          Object.values(state().plugins).some(
            (one) => one.name === row?.name && one.status === 'on',
          ),
        );
      };
      await page.waitForFunction(
        () =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
      );
      await page.locator('[data-zone="1"]').tap();
      await until('a loop', () => state().slots[0]?.takeId && state().slots[0]?.pending === null);
      await load('AGain VST3', 0);
      const wet = await masterRms(client);

      await page.getByRole('button', { name: /^Play/ }).last().tap();
      await page.locator('[data-axis="x"]').tap();
      await page.getByRole('searchbox').fill('again gain');
      await page.locator('[data-found]').filter({ hasText: /^Gain/ }).first().tap();
      await page
        .locator('[data-axis="x"]')
        .filter({ hasText: /^Gain -?\d/ })
        .waitFor();
      const touch = await fingersOf(page);
      await touch('touchStart', [await placeOn(page, '[data-xy]', 0.9, 0.5)]);
      for (let share = 0.85; share > 0.25; share -= 0.05) {
        await touch('touchMove', [await placeOn(page, '[data-xy]', share, 0.5)]);
      }
      await touch('touchMove', [await placeOn(page, '[data-xy]', 0.25, 0.5)]);
      await touch('touchEnd', []);
      let turned = NaN;
      await until('as the finger left it', async () => {
        turned = (await masterRms(client)) / wet;
        return isAbout(turned, 0.25);
      }).finally(() => process.stderr.write(`XY at 0.25: master ${turned.toFixed(3)}\n`));

      await client.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
      await load('Nekobi', 'input');
      await page.locator('[data-note]').first().waitFor();
      await page.getByRole('button', { name: 'Hear it' }).tap();
      await until('silence', async () => (await masterRms(client)) < SILENT, 30_000);
      const thumbs = [
        await placeOn(page, '[data-note="55"]', 0.5, 0.8),
        await placeOn(page, '[data-note="60"]', 0.5, 0.8),
      ];
      await touch('touchStart', thumbs.slice(0, 1));
      await touch('touchStart', thumbs);
      await page.locator('[data-note="60"][data-down="true"]').first().waitFor();
      await until('a sound', async () => (await masterRms(client)) > 0.01);
      process.stderr.write(`pads: master ${(await masterRms(client)).toFixed(3)}\n`);
      await touch('touchEnd', []);
      await until('silence again', async () => (await masterRms(client)) < SILENT, 30_000);

      await touch('touchStart', thumbs.slice(0, 1));
      await until('held', async () => (await masterRms(client)) > 0.01);
      await page.evaluate(() => dispatchEvent(new Event('pagehide')));
      await until('let go with the page', async () => (await masterRms(client)) < SILENT, 30_000);
      await touch('touchEnd', []);
      expect(faults).toEqual([]);
    }),
  TEST_MS,
);
