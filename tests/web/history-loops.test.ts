/** A riff's loop goes from the history into a slot: chosen, or carried there. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { loopRow, middle } from '../support/history-stand.ts';
import { makeStands, pad, PHONE } from '../support/page-stand.ts';
import { makeFingers } from '../support/touch.ts';

const { desktop, withPage } = makeStands();

describe('the loop of a riff', () => {
  test('is put into any slot, and what the riff is about stays', () =>
    desktop(async (stand) => {
      const { page, fixture, sent } = stand;
      const riff = at(
        fixture.state().history.newest.filter(({ cause }) => cause === 'CAPTURE'),
        1,
      );
      const held = riff.slots.find(({ slot }) => slot === riff.slot);
      const item = page.locator('li', { has: page.locator(`[data-riff="${riff.id}"]`) });
      await item.getByRole('combobox').selectOption({ index: 8 });
      for (let turn = 0; turn < 200 && sent('RESTORE_TAKE').length === 0; turn += 1) {
        await page.waitForTimeout(10);
      }
      expect(sent('RESTORE_TAKE')).toMatchObject([{ slot: 7, takeId: held?.takeId ?? '' }]);
      expect(sent('RECALL_RIFF')).toEqual([]);
    }));

  test('of steps that brought none is not offered', () =>
    desktop(async ({ page, fixture }) => {
      const tempo = fixture.state().history.newest.find(({ cause }) => cause === 'TEMPO');
      const item = page.locator('li', { has: page.locator(`[data-riff="${tempo?.id}"]`) });
      expect(await item.count()).toBe(1);
      expect(await item.getByRole('combobox').count()).toBe(0);
    }));
});

describe('a riff that is carried', () => {
  test('onto a slot puts its loop there, and is not recalled', () =>
    desktop(async (stand) => {
      const { page, sent } = stand;
      const { row, takeId } = loopRow(stand, 2);
      const [from, to] = [await middle(row), await middle(pad(page, 7))];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 8 });
      await page.locator('[data-pad="7"][data-drop]').waitFor();
      await page.getByText('into 8', { exact: true }).waitFor();
      await page.mouse.up();
      await until('put', () => sent('RESTORE_TAKE').length === 1);
      expect(sent('RESTORE_TAKE')).toMatchObject([{ slot: 7, takeId }]);
      expect(await page.locator('[data-drop]').count()).toBe(0);
      // The next press is one again.
      await row.click();
      await until('recalled', () => sent('RECALL_RIFF').length === 1);
      expect(sent('TRIGGER_SLOT')).toEqual([]);
    }));

  test.each([
    ['beside every slot', (page: Page) => page.mouse.move(20, 20)],
    ['nowhere, with Escape', (page: Page) => page.keyboard.press('Escape')],
  ] as const)('%s changes nothing', (_where, end) =>
    desktop(async (stand) => {
      const { page, sent } = stand;
      const { row } = loopRow(stand, 2);
      const [from, to] = [await middle(row), await middle(pad(page, 7))];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 4 });
      await page.locator('[data-drop]').waitFor();
      await end(page);
      await page.mouse.up();
      await page.locator('[data-drop]').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+z');
      await until('something later', () => sent('UNDO').length === 1);
      expect([...sent('RESTORE_TAKE'), ...sent('RECALL_RIFF')]).toEqual([]);
    }),
  );

  test('sideways by a finger, out of the sheet of the phone, which steps aside', () =>
    withPage('full', { viewport: PHONE, hasTouch: true }, async (stand) => {
      const { page, sent } = stand;
      const to = await middle(pad(page, 6));
      await page.getByRole('button', { name: 'History', exact: true }).click();
      await page.getByRole('dialog').getByRole('searchbox').waitFor();
      const { row, takeId } = loopRow(stand, 2);
      // A row is nowhere to be taken hold of while the sheet is still coming up.
      await row.hover({ trial: true });
      const from = await middle(row);
      const fingers = makeFingers(page);
      await fingers.at('pointerdown', 4, from.x, from.y);
      await fingers.at('pointermove', 4, from.x + 3, from.y + 40);
      expect(await page.locator('[data-away]').count()).toBe(0);
      await fingers.at('pointerup', 4, from.x, from.y);
      await fingers.at('pointerdown', 5, from.x, from.y);
      await fingers.at('pointermove', 5, from.x + 30, from.y);
      await page.locator('dialog[data-away]').waitFor({ state: 'attached' });
      await fingers.at('pointermove', 5, to.x, to.y);
      await fingers.at('pointerup', 5, to.x, to.y);
      await until('put', () => sent('RESTORE_TAKE').length === 1);
      expect(sent('RESTORE_TAKE')).toMatchObject([{ slot: 6, takeId }]);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }));
});
