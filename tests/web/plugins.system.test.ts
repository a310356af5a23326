/** Real plug-ins through the page of the running product: heard, turned, played, killed, tried again. */
import { expect, test } from 'bun:test';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AppState } from '../../protocol/state.ts';
import { connect } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { RATE } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';
import { BUNDLES, bundleEnv, whatIsMissing } from '../plugins/sweep/bundles.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { isAbout, masterRms } from '../support/master-level.ts';
import { DESKTOP } from '../support/page-stand.ts';

const SEED = 71;
const TEST_MS = 180_000;
/** A file that begins with noise and then is silent for longer than the test runs. */
const NOISE_S = 12;
const SILENCE_S = 240;
const TURNED = 0.25;
/** More than two bars of the tempo. */
const HELD_MS = 2500;
const AGAIN = 'AGain VST3';

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

const add = async (page: Page, name: string) => {
  await page.getByRole('button', { name: 'Add a plug-in' }).click();
  await page.getByRole('searchbox', { name: 'Search plug-ins' }).fill(name);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page
    .locator('[data-plugin] button')
    .filter({ hasText: new RegExp(`^${name}`) })
    .first()
    .click();
  await page.locator('[data-instance][data-status="on"]').waitFor({ timeout: 30_000 });
};

const SAID = '[aria-label="Notes"] p';

/** Every word that the notes say from now on: one may be gone before anybody could read it. */
const noteWords = (page: Page) =>
  page.evaluate((places) => {
    const said = new Set<string>();
    const note = () => {
      for (const one of document.querySelectorAll(places)) {
        said.add(one.textContent ?? '');
      }
    };
    new MutationObserver(note).observe(document.body, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    Object.assign(window, { saidOfPlugins: said });
  }, SAID);

const saidWords = (page: Page) =>
  page.evaluate(() => [...(Reflect.get(window, 'saidOfPlugins') as Set<string>)]);

test.skipIf(whatIsMissing() !== '')(
  'a loop through a real plug-in, its slider, its end and its return; an instrument under the hand',
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
      const { faults, page } = await openPage(browser, product.url, { viewport: DESKTOP });
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      const state = (): AppState => client.state();
      const one = () => state().slots[0];

      await page.waitForFunction(
        () =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
      );
      await page.locator('[data-zone="1"]').click();
      await until('a loop', () => one()?.takeId && one()?.pending === null);
      await until('both plug-ins', () => state().pluginList.count >= 2, 30_000);
      await page.getByRole('button', { name: /More about slot 1/ }).click();
      const dry = await masterRms(client);
      expect(dry).toBeGreaterThan(0.01);

      await add(page, AGAIN);
      await until('all of it', async () => isAbout(await masterRms(client), dry));
      await page.locator('[data-instance] button', { hasText: AGAIN }).click();
      const slider = page.getByRole('slider', { name: 'Gain', exact: true });
      const box = await slider.boundingBox();
      if (!box) throw new Error('no slider');
      // The thumb is 24 px wide: its middle is the value.
      const xAt = (value: number) => box.x + 12 + value * (box.width - 24);
      const y = box.y + box.height / 2;
      await page.mouse.move(xAt(Number(await slider.inputValue())), y);
      await page.mouse.down();
      await page.mouse.move(xAt(TURNED), y, { steps: 30 });
      await page.mouse.up();
      const turned = Number(await slider.inputValue());
      expect(turned).toBeCloseTo(TURNED, 1);
      await until('as it was turned', async () => isAbout(await masterRms(client), turned * dry));
      const wet = await masterRms(client);
      process.stderr.write(`slider at ${turned.toFixed(3)}: master ${(wet / dry).toFixed(3)}\n`);
      // Its own words: a gain in decibels.
      const decibels = (20 * Math.log10(turned)).toFixed(1);
      await until('its text', async () =>
        (await slider.getAttribute('aria-valuetext'))?.startsWith(decibels),
      );

      await page.getByRole('button', { name: 'Back to slot 1' }).click();
      await page.locator('[data-instance][data-status="on"]').waitFor();
      await noteWords(page);
      const killed = new Set<number>();
      /** Each once: the state may still name one that has ended. */
      const kills = (): number | undefined => {
        const host = Object.values(state().hosts).find(({ pid }) => pid > 0 && !killed.has(pid));
        if (!host) return undefined;
        process.kill(host.pid, 'SIGKILL');
        killed.add(host.pid);
        return host.pid;
      };
      const first = await until('a process', kills);
      await until('another process', () =>
        Object.values(state().hosts).some(({ pid }) => pid > 0 && pid !== first),
      );
      await page.locator('[data-instance][data-status="on"]').waitFor();
      await until('wet again', async () => isAbout(await masterRms(client), wet));
      // It may be back before the next patch leaves: only the notice is sure to be read.
      expect(await saidWords(page)).toContain(`${AGAIN} crashed.`);

      const off = page.locator('[data-instance][data-status="off"]');
      const isOff = async () => (await off.count()) > 0 || (kills(), false);
      await until('it is given up', isOff, 30_000);
      await off.getByText('off for this session').waitFor();
      await until('dry', async () => isAbout(await masterRms(client), dry));
      await page.getByRole('button', { name: `Try again: ${AGAIN}` }).click();
      await page.locator('[data-instance][data-status="on"]').waitFor({ timeout: 30_000 });
      let back = NaN;
      const isWet = async () => {
        back = await masterRms(client);
        return isAbout(back, wet);
      };
      await until('wet with its settings', isWet).finally(() =>
        process.stderr.write(`tried again: master ${(back / dry).toFixed(3)}\n`),
      );

      await page.getByRole('button', { name: 'Plug-ins', exact: true }).click();
      await add(page, 'Nekobi');
      await page.locator('[data-instance] button', { hasText: 'Nekobi' }).click();
      const key = page.locator('[data-note="64"]');
      await key.waitFor();
      await page.waitForFunction(
        (bars) =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) > bars,
        NOISE_S + 2,
      );
      /** Loudest sample of a bar that is captured now. */
      const captured = async (slot: number): Promise<number> => {
        await page.getByLabel('Coloured part goes into').selectOption(String(slot));
        await page.locator('[data-zone="1"]').click();
        const takeId = await until('its take', () => {
          const it = state().slots[slot];
          return it?.saved === true && it.takeId;
        });
        const file = await product.get(`/api/takes/${takeId}/audio`);
        const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
        return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      };
      const silent = await captured(1);
      await page.keyboard.down('c');
      await Bun.sleep(HELD_MS);
      const played = await captured(2);
      await page.keyboard.up('c');
      process.stderr.write(`captured: ${silent.toFixed(4)} before, ${played.toFixed(3)} played\n`);
      expect(silent).toBeLessThan(0.001);
      expect(played).toBeGreaterThan(0.01);
      expect(faults).toEqual([]);
    }),
  TEST_MS,
);
