/** Notes on a wide page: they get room of their own and cover no control. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { ERRORS } from '../../protocol/errors.ts';
import { until } from '../judge/product.ts';
import { DESKTOP, makeStands, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

/** Names of the controls in sight that a note lies over. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const boxes = (selector: string) =>
      [...document.querySelectorAll(selector)].map((element) => ({
        element,
        box: element.getBoundingClientRect(),
      }));
    const notes = boxes('[aria-label="Notes"] > li');
    return boxes('button, input, select, a')
      .filter(({ element, box }) => {
        if (element.closest('[aria-label="Notes"]')) return false;
        const frame = element.closest('aside > *')?.getBoundingClientRect();
        const bottom = Math.min(box.bottom, frame?.bottom ?? Infinity);
        return notes.some(
          ({ box: note }) =>
            box.left < note.right &&
            note.left < box.right &&
            box.top < note.bottom &&
            note.top < bottom,
        );
      })
      .map(({ element }) => element.getAttribute('aria-label') ?? element.textContent ?? '');
  });

const notesCome = async ({ fixture, page }: Stand) => {
  for (const code of [2001, 1001, 2010]) fixture.broadcast({ type: 'NOTICE', code });
  await page.locator('[aria-label="Notes"] > li').nth(2).waitFor();
};

const asBefore =
  '[aria-label="Notes"] { position: fixed; right: 16px; bottom: 300px; z-index: 35 }';

const OPENED = [
  ['the history', undefined],
  ['earlier bars', /Earlier/],
  ['a slot', 'More about slot 3'],
  ['timing', 'Bar line, latency, metronome'],
] as const;

test.each(OPENED)('three notes beside %s cover nothing', (_place, opener) =>
  withPage('full', { viewport: DESKTOP }, async (stand) => {
    const { faults, page } = stand;
    if (opener) {
      await page.getByRole('button', { name: opener }).first().click();
      await page.getByRole('button', { name: 'Close', exact: true }).waitFor();
    }
    await notesCome(stand);
    expect(await covered(page)).toEqual([]);
    expect(faults).toEqual([]);
    // The page's policy lets no style in; a sheet made by script may come.
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, asBefore);
    expect(await covered(page)).not.toEqual([]);
  }),
);

test('a press that memory cannot keep says why, what is safe and what to do, and changes nothing', () =>
  withPage('full', { viewport: DESKTOP }, async ({ faults, fixture, page, sent }) => {
    fixture.held.refusals.TRIGGER_SLOT = ERRORS.ERR_TAKE_NOT_KEPT.code;
    // A mute that waits for its bar comes round by itself.
    const loops = () => fixture.state().slots.map(({ state, takeId }) => ({ state, takeId }));
    const before = JSON.stringify(loops());
    await page.locator('[data-zone="4"]').click();
    const note = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    const { action, safe, says } = ERRORS.ERR_TAKE_NOT_KEPT;
    for (const sentence of [says, safe, action]) await note.getByText(sentence).waitFor();
    expect(await note.count()).toBe(1);
    expect(sent('TRIGGER_SLOT')).toHaveLength(1);
    expect(JSON.stringify(loops())).toBe(before);
    // The same again when the disk works.
    delete fixture.held.refusals.TRIGGER_SLOT;
    await page.locator('[data-zone="4"]').click();
    await until('a capture', () => JSON.stringify(loops()) !== before);
    expect(faults).toEqual([]);
  }));
