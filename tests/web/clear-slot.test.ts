/** The note of a cleared slot: what its Undo takes back, and what it says when that no longer fits. */
import { expect, mock, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { emptyState } from '../../protocol/empty-state.ts';
import { clearSlot } from '../../web/overlay/clear-slot.ts';
import type { Session } from '../../web/sync/create-session.ts';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { makeStands, pad } from '../support/page-stand.ts';

const { desktop } = makeStands();

const clear = async (page: Page, slot: number) => {
  await pad(page, slot).focus();
  await page.keyboard.press('Delete');
  await page.getByText(`Slot ${slot + 1} cleared`).waitFor();
};

const pressUndo = (page: Page) =>
  page.getByRole('list', { name: 'Notes' }).getByRole('button', { name: 'Undo' }).click();

test('its Undo brings the loop back', () =>
  desktop(async ({ fixture, page, sent }) => {
    await clear(page, 2);
    const { head } = fixture.state().history;
    await pressUndo(page);
    await until('the loop', () => at(fixture.state().slots, 2).takeId !== null);
    expect(sent('UNDO')).toMatchObject([{ ifHead: head }]);
  }));

test('its Undo never takes back what was done since, and says so', () =>
  desktop(async ({ fixture, page, sent }) => {
    await clear(page, 2);
    await page.keyboard.press('5');
    await until('the capture', () => sent('TRIGGER_SLOT').length === 1);
    const { head } = fixture.state().history;
    await pressUndo(page);
    await page.getByText('Slot 3 stays cleared').waitFor();
    await page.getByText('Its take is in the history.').waitFor();
    expect(fixture.state().history.head).toBe(head);
    expect(at(fixture.state().slots, 2).takeId).toBeNull();
  }));

test('cleared again while the note stands, its Undo is that of the second time', () =>
  desktop(async ({ fixture, page }) => {
    await clear(page, 2);
    await page.keyboard.press('3');
    await until('the capture', () => at(fixture.state().slots, 2).takeId !== null);
    await page.locator('[data-content="loop"] [data-pad="2"]').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('×2').waitFor();
    await pressUndo(page);
    await until('the loop', () => at(fixture.state().slots, 2).takeId !== null);
  }));

test('a slot that was only recording makes no step: its note has no Undo', async () => {
  const show = mock();
  const run = () => Promise.resolve({ type: 'OK' });
  await clearSlot({ state: emptyState(), run, toasts: { show } } as unknown as Session, 2);
  expect(show).toHaveBeenCalledTimes(1);
  expect(show.mock.calls[0]?.[0]).toBe('Slot 3: the capture is called off');
  expect(show.mock.calls[0]?.[2]?.action).toBeUndefined();
});
