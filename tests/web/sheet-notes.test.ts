/** What is said while a sheet lies over the page: it is seen, can be pressed, and is in what is read out. */
import { expect, test } from 'bun:test';
import type { Locator } from 'playwright-core';
import { until } from '../judge/product.ts';
import { axe } from '../support/axe.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const STILL_PHONE = { viewport: PHONE, hasTouch: true, reducedMotion: 'reduce' } as const;

const openSlot = async ({ page }: Stand) => {
  await page.getByRole('button', { name: /More about slot 3/ }).tap();
  await page.getByRole('dialog').waitFor();
};

/** Chromium leaves what is inert out of the tree that is read out, whatever its roles are. */
const isReadOut = async ({ page }: Stand, words: string): Promise<boolean> => {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  return nodes.some(({ ignored, name }) => !ignored && String(name?.value).includes(words));
};

const isIn = (what: Locator) => what.evaluate((one) => one.closest('dialog') !== null);

test('the Undo of a cleared slot is on top of its sheet, and undoes', () =>
  withPage('full', STILL_PHONE, async (stand) => {
    const { faults, page, sent } = stand;
    await openSlot(stand);
    await page.getByRole('button', { name: 'Clear slot' }).tap();
    await page.getByText('Slot 3 cleared').waitFor();
    expect(await isReadOut(stand, 'Slot 3 cleared')).toBe(true);
    const notes = page.getByRole('list', { name: 'Notes' });
    await notes.getByRole('button', { name: 'Undo' }).tap({ timeout: 3000 });
    await until('the undo', () => sent('UNDO').length === 1);
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(faults).toEqual([]);
  }));

test('a critical condition and a lost line are said over the sheet; Try now can be pressed', () =>
  withPage('full', STILL_PHONE, async (stand) => {
    const { fixture, page, sent } = stand;
    await openSlot(stand);
    fixture.change((state) => {
      state.alerts['2002'] = { code: 2002, sinceMs: 0, count: 1 };
    });
    await page.getByText('The audio device is gone.').waitFor();
    expect(await isReadOut(stand, 'The audio device is gone.')).toBe(true);
    fixture.held.isPaused = true;
    fixture.dropAll();
    await page.getByText('Reconnecting…').waitFor();
    expect(await axe(page)).toEqual([]);
    const hellos = sent('HELLO').length;
    fixture.held.isPaused = false;
    await page.getByRole('button', { name: 'Try now' }).tap({ timeout: 3000 });
    await until('another try', () => sent('HELLO').length > hellos);
  }));

test('with the sheet they go back to the page, and the next one takes them along', () =>
  withPage('full', STILL_PHONE, async (stand) => {
    const { fixture, page } = stand;
    fixture.broadcast({ type: 'NOTICE', code: 2010 });
    const note = page.getByText('The file of a take could not be read.');
    await note.waitFor();
    await openSlot(stand);
    await until('in the sheet', () => isIn(note));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await isIn(note)).toBe(false);
    await page.getByRole('button', { name: 'More', exact: true }).tap();
    await page.getByRole('button', { name: 'Earlier…' }).tap();
    await page.locator('[data-bar="3"]').waitFor();
    await until('in the sheet after it', () => isIn(note));
    await page.getByRole('button', { name: 'Close this note' }).tap();
    await note.waitFor({ state: 'detached' });
  }));

test('on a wide page the notes leave the column for a sheet over it, and come back', () =>
  withPage('full', { viewport: DESKTOP, reducedMotion: 'reduce' }, async ({ fixture, page }) => {
    fixture.broadcast({ type: 'NOTICE', code: 2010 });
    const notes = page.getByRole('list', { name: 'Notes' });
    await notes.getByText('2010').waitFor();
    await page.keyboard.press('?');
    await until('in the sheet', () => isIn(notes.getByText('2010')));
    expect(await notes.getByText('2010').count()).toBe(1);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').getByText('2010').waitFor();
  }));
