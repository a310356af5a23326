/** Earlier bars into a slot, before a stand-in of the gateway in its twenty-first bar. */
import { expect, test } from 'bun:test';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const opened = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>) =>
  withPage('full', { viewport }, async (stand) => {
    const { page } = stand;
    if (viewport === PHONE) await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Earlier…' }).click();
    await page.locator('[data-bar="19"]').waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const take = (page: Stand['page']) => page.getByRole('button', { name: /^Take bar/ });
const bar = (page: Stand['page'], number: number) =>
  page.getByRole('radio', { name: `Bar ${number}`, exact: true });

test('a tap on the last bar and a length are the part; it goes into the slot that is named', () =>
  opened(DESKTOP, async ({ page, sent }) => {
    await bar(page, 12).click();
    await page.getByRole('button', { name: '2 bars' }).last().click();
    expect(await page.locator('[data-in="true"]').allInnerTexts()).toEqual(['11', '12']);
    expect(await take(page).innerText()).toMatch(/Take bars 11–12 into\s*8/);
    await take(page).click();
    await page.locator('li[data-look="playing"]:has([data-pad="7"])').waitFor();
    await page.locator('[data-do="undo"]').getByText('2 bars of the past into').waitFor();
    expect(sent('REACH_BACK')).toMatchObject([{ slot: 7, fromBar: 10, bars: 2 }]);
    // All are full now: nothing goes anywhere until a slot is chosen.
    expect(await take(page).isDisabled()).toBeTrue();
    await page.getByLabel('Into', { exact: true }).selectOption({ index: 3 });
    await page.getByText('Its loop makes room').waitFor();
    expect(await take(page).isEnabled()).toBeTrue();
  }));

test('the phone: closed when it is done; the length cannot be longer than what was played', () =>
  opened(PHONE, async ({ page, sent }) => {
    await bar(page, 3).click();
    await page.getByRole('dialog').getByRole('button', { name: '16 bars' }).click();
    expect(await take(page).innerText()).toContain('Take bars 1–16 into');
    await page.getByRole('dialog').getByRole('button', { name: '4 bars' }).click();
    await bar(page, 9).click();
    await take(page).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(sent('REACH_BACK')).toMatchObject([{ slot: 7, fromBar: 5, bars: 4 }]);
  }));

test('bars that are not kept: says so, changes nothing, and is gone with another choice', () =>
  opened(DESKTOP, async ({ fixture, page }) => {
    await bar(page, 2).click();
    await page.getByRole('button', { name: '1 bar', exact: true }).last().click();
    const before = fixture.state().history.head;
    await take(page).click();
    const why = page.getByText('That part of the past is not there');
    await why.waitFor();
    expect(await why.innerText()).toContain('Choose a shorter or another part.');
    expect(fixture.state().history.head).toBe(before);
    expect(await page.getByLabel('Notes').locator('li').count()).toBe(0);
    await bar(page, 5).click();
    await why.waitFor({ state: 'detached' });
    await take(page).click();
    await page.locator('li[data-look="playing"]:has([data-pad="7"])').waitFor();
  }));

test('arrows move the end, by one and by a line, and keep the focus; it is one stop for Tab', () =>
  opened(DESKTOP, async ({ page }) => {
    await bar(page, 12).click();
    await bar(page, 12).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Bar 4',
    );
    expect(await bar(page, 4).getAttribute('aria-checked')).toBe('true');
    expect(await page.locator('[data-bar][tabindex="0"]').count()).toBe(1);
  }));

test('opened from a slot it goes into that slot', () =>
  withPage('full', { viewport: DESKTOP }, async ({ page, sent }) => {
    await page.getByRole('button', { name: /More about slot 3/ }).click();
    await page.getByRole('button', { name: 'Earlier bars into this slot…' }).click();
    await take(page).click();
    await page.locator('[data-do="undo"]').getByText('of the past into').waitFor();
    expect(sent('REACH_BACK')[0]?.slot).toBe(2);
  }));

test('bars of a run before a restart are found by the clock and taken out of that run', () =>
  withPage('full', { viewport: PHONE }, async ({ faults, fixture, page, sent }) => {
    const startedMs = Date.now() - 3 * 3_600_000;
    const grid = { fromFrame: 0, lineFrame: 0, lineBeat: 0, lineBar: 0, beatsPerBar: 4 };
    fixture.past.push({
      runId: 'c'.repeat(32),
      now: false,
      rateHz: 48_000,
      startedMs,
      // Half an hour; a bar lasts two seconds.
      kept: [{ fromFrame: 0, toFrame: 1800 * 48_000 }],
      gapFrames: 0,
      grids: [{ ...grid, framesPerBeat: 24_000 }],
    });
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Earlier…' }).click();
    const from = page.getByLabel('From', { exact: true });
    await from.waitFor();
    expect(await from.locator('option').count()).toBeGreaterThanOrEqual(4);
    // Where the run begins.
    await from.selectOption({ index: (await from.locator('option').count()) - 1 });
    await bar(page, 64).waitFor();
    expect(await page.locator('[data-known="true"]').count()).toBe(0);
    expect(await bar(page, 65).count()).toBe(0);
    await from.selectOption({ index: 1 });
    await page.getByRole('button', { name: /^Bars before/ }).waitFor();
    const chosen = await page.locator('[aria-checked="true"][data-bar]').getAttribute('data-bar');
    await take(page).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const [asked] = sent('REACH_BACK');
    expect(asked).toMatchObject({ runId: 'c'.repeat(32) });
    expect((asked?.fromBar ?? 0) + (asked?.bars ?? 0) - 1).toBe(Number(chosen));
    expect(faults).toEqual([]);
  }));
