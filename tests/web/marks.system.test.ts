/** A star on a riff of the running product: seen by all, found by its name, there after a restart. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP } from '../support/page-stand.ts';

const TEST_MS = 90_000;

test(
  'a star is named on one page, seen on another, found, and outlives a restart',
  () =>
    withCleanup(async (later) => {
      const data = join(makeFolder(), 'data');
      const start = () => startProduct(['--device', 'headless', '--bpm', '240'], { data });
      const product = await start();
      let isOver = false;
      later(async () => {
        if (!isOver) await product.stop();
      });
      const browser = await launchBrowser();
      later(() => browser.close());
      const [one, other] = [
        await openPage(browser, product.url, { viewport: DESKTOP }),
        await openPage(browser, product.url, { viewport: DESKTOP }),
      ];
      const { page } = one;
      await page.waitForFunction(
        () =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
      );
      await page.locator('[data-zone="1"]').click();
      const state = async () => (await product.json<{ data: AppState }>('/api/state')).data;
      await until('saved', async () => (await state()).slots[0]?.saved === true);

      await page.locator('[data-star]').first().click();
      await page.locator('[data-star="true"]').first().click();
      await page.getByRole('textbox', { name: /^Name of the star/ }).fill('Chorus');
      await page.keyboard.press('Enter');
      await other.page.locator('[data-marked="true"]').getByText('Chorus').waitFor();
      await other.page.getByRole('button', { name: 'Only riffs with a star' }).click();
      await other.page.waitForFunction(() => document.querySelectorAll('[data-riff]').length === 1);
      const found = async (query: string) =>
        (await product.json<{ items: unknown[] }>(`/api/riffs?${query}`)).items.length;
      expect(await found('q=chorus')).toBe(1);
      expect(await found('marked=1&q=240%20bpm')).toBe(1);
      expect(await found('q=250%20bpm')).toBe(0);
      const { canUndo, undoLabel } = (await state()).history;
      expect([canUndo, undoLabel]).toEqual([true, '1 bar into 1']);
      expect([...one.faults, ...other.faults]).toEqual([]);
      await Promise.all([one.close(), other.close()]);

      await product.stop();
      isOver = true;
      const again = await start();
      later(() => again.stop());
      const after = await openPage(browser, again.url, { viewport: DESKTOP });
      await after.page.locator('[data-marked="true"]').getByText('Chorus').waitFor();
    }),
  TEST_MS,
);
