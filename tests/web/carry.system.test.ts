/** The history of the running product under a finger: held Undo opens it, a riff is carried into a slot. */
import { expect, test } from 'bun:test';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { pad, PHONE } from '../support/page-stand.ts';

test(
  'on a phone: Undo held, a row drawn sideways onto a slot: its loop plays there too',
  () =>
    withCleanup(async (later) => {
      const product = await startProduct(['--device', 'headless', '--bpm', '240'], {
        data: makeFolder(),
      });
      later(() => product.stop());
      const browser = await launchBrowser();
      later(() => browser.close());
      const { faults, page } = await openPage(browser, product.url, {
        viewport: PHONE,
        hasTouch: true,
      });
      const state = async () => (await product.json<{ data: AppState }>('/api/state')).data;
      await page.waitForFunction(
        () =>
          Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
      );
      await page.locator('[data-zone="1"]').tap();
      await until('a loop', async () => (await state()).slots[0]?.saved === true);

      const client = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
        client.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: type === 'touchEnd' ? [] : [{ x, y }],
        });
      const middle = async (what: ReturnType<typeof pad>) => {
        const box = await what.boundingBox();
        if (!box) throw new Error('it is not on the page');
        return [box.x + box.width / 2, box.y + box.height / 2] as const;
      };
      const to = await middle(pad(page, 5));
      const undo = await middle(page.locator('[data-do="undo"]'));
      await touch('touchStart', ...undo);
      const row = page.getByRole('dialog').locator('[data-kind="head"]');
      await row.waitFor();
      await touch('touchEnd', ...undo);
      const [x, y] = await middle(row);
      await touch('touchStart', x, y);
      for (const way of [15, 30, 45, 60]) await touch('touchMove', x + way, y);
      await touch('touchMove', ...to);
      await page.locator('[data-pad="5"][data-drop]').waitFor({ state: 'attached' });
      await touch('touchEnd', ...to);
      await until('it plays there', async () => {
        const { slots } = await state();
        return slots[5]?.takeId === slots[0]?.takeId && slots[5]?.state === 'PLAYING';
      });
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const { history } = await state();
      expect(history).toMatchObject({
        canUndo: true,
        undoLabel: '1 bar back in 6',
        canRedo: false,
      });
      expect(faults).toEqual([]);
    }),
  60_000,
);
