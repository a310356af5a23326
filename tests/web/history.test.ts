/** The history before a stand-in of the gateway: how it is opened, and how a riff in it is found. */
import { describe, expect, test } from 'bun:test';
import { isRiffLike } from '../../web/music/find-riffs.ts';
import { until } from '../judge/product.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { find, middle, oldRiff, rows } from '../support/history-stand.ts';
import { DESKTOP, makeStands, PHONE } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

describe('a riff is found', () => {
  const riff = {
    cause: 'CAPTURE',
    slot: 4,
    bars: 8,
    label: '8 bars into 5',
    mark: 'Chorus',
    tsMs: new Date(2026, 10, 27, 14, 5).getTime(),
  } as const;
  const nameOf = (slot: number) => (slot === 4 ? 'Vox' : '');

  test.each([
    ['8 bars', true],
    ['VOX', true],
    ['vox bars', true],
    ['into 5', true],
    ['chorus', true],
    ['14:05 vox', true],
    ['14:06', false],
    ['4', false],
    ['Guitar', false],
    ['8 bars guitar', false],
  ])('by %p: %p', (words, isFound) => {
    expect(isRiffLike(riff, nameOf, words)).toBe(isFound);
  });

  test('by words on the page, and Escape shows all again', () =>
    desktop(async (stand) => {
      const all = await rows(stand).count();
      await find(stand).fill('vox');
      await stand.page.waitForFunction(() => document.querySelectorAll('[data-riff]').length === 1);
      expect(await rows(stand).innerText()).toContain('8 bars into');
      await stand.page.keyboard.press('Escape');
      await stand.page.waitForFunction(
        (count) => document.querySelectorAll('[data-riff]').length === count,
        all,
      );
      expect(stand.faults).toEqual([]);
    }));

  test('far back, by asking the server once the typing rests', () =>
    desktop(async (stand) => {
      stand.fixture.riffs.push(oldRiff);
      await find(stand).fill('tape');
      await rows(stand).filter({ hasText: 'Loaded Tape Echo' }).waitFor();
      expect(await rows(stand).count()).toBe(1);
      await rows(stand).click();
      await stand.page.waitForTimeout(50);
      expect(stand.sent('RECALL_RIFF')).toMatchObject([{ riffId: oldRiff.id, when: 'bar' }]);
    }));

  test('or it is said that there is none', () =>
    desktop(async (stand) => {
      await find(stand).fill('bagpipes');
      await stand.page.getByText('No riff like that.').waitFor();
      expect(await rows(stand).count()).toBe(0);
    }));

  test('single keys are letters while they are typed there', () =>
    desktop(async (stand) => {
      await find(stand).focus();
      await stand.page.keyboard.type('qwer 8');
      expect(stand.sent('TRIGGER_SLOT')).toEqual([]);
    }));
});

describe('Undo that is held', () => {
  test('opens the history on the phone, and undoes nothing', () =>
    withPage('full', { viewport: PHONE }, async ({ page, sent }) => {
      const { x, y } = await middle(page.locator('[data-do="undo"]'));
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.getByRole('dialog').getByRole('searchbox').waitFor();
      await page.mouse.up();
      await page.keyboard.press('Escape');
      await page.locator('[data-do="undo"]').click();
      await until('one tap', () => sent('UNDO').length === 1);
    }));

  test('or pressed with the other button shows the history beside the slots, at the head', () =>
    desktop(async ({ page, sent }) => {
      await page.getByRole('button', { name: /More about slot 3/ }).click();
      await page.getByRole('textbox', { name: 'Name of slot 3' }).waitFor();
      await page.locator('[data-do="undo"]').click({ button: 'right' });
      await page.locator('[data-kind="head"]:focus').waitFor();
      expect(await page.locator('[data-kind="head"]').isVisible()).toBe(true);
      expect(sent('UNDO')).toEqual([]);
      await page.locator('[data-do="undo"]').focus();
      await page.keyboard.press('Enter');
      await until('by key', () => sent('UNDO').length === 1);
    }));
});

test.each(['dark', 'light'] as const)('axe finds nothing in what was found, %s', (colorScheme) =>
  withPage('full', { viewport: DESKTOP, colorScheme, reducedMotion: 'reduce' }, async (stand) => {
    await find(stand).fill('bars');
    expect(await axe(stand.page)).toEqual([]);
    await find(stand).fill('bagpipes');
    await stand.page.getByText('No riff like that.').waitFor();
    expect(await axe(stand.page)).toEqual([]);
  }),
);

test('on the phone all of it is 44 px', () =>
  withPage('full', { viewport: PHONE, hasTouch: true }, async ({ page }) => {
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('searchbox').waitFor();
    expect(
      await smallestPx(sheet.locator('[data-riff], [data-star], select, input')),
    ).toBeGreaterThanOrEqual(44);
  }));
