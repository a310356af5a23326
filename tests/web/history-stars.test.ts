/** Stars in the history, before a stand-in of the gateway. */
import { describe, expect, test } from 'bun:test';
import { at } from '../support/at.ts';
import { axe } from '../support/axe.ts';
import { find, oldRiff, rows } from '../support/history-stand.ts';
import { DESKTOP, makeStands, type Stand } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

describe('a star', () => {
  const star = (stand: Stand, at_: number) => stand.page.locator('[data-star]').nth(at_);

  test('is set with one press, then named, and shown with its name', () =>
    desktop(async (stand) => {
      const { fixture, page, sent } = stand;
      const { id } = at(fixture.state().history.newest, 2);
      await star(stand, 2).click();
      await page.locator('[data-marked="true"]').waitFor();
      expect(sent('SET_MARK')).toMatchObject([{ riffId: id, label: '' }]);
      await star(stand, 2).click();
      await page.getByRole('textbox', { name: /^Name of the star/ }).fill('Chorus');
      await page.keyboard.press('Enter');
      await page.locator('[data-marked="true"]').getByText('Chorus').waitFor();
      expect(sent('SET_MARK').at(-1)).toMatchObject({ riffId: id, label: 'Chorus' });
      await find(stand).fill('chorus');
      await page.waitForFunction(() => document.querySelectorAll('[data-riff]').length === 1);
      expect(sent('TRIGGER_SLOT')).toEqual([]);
    }));

  test('is taken off', () =>
    desktop(async (stand) => {
      const { page, sent } = stand;
      await star(stand, 1).click();
      await page.locator('[data-marked="true"]').waitFor();
      await star(stand, 1).click();
      await page.getByRole('button', { name: 'Take off' }).click();
      await page.locator('[data-marked="true"]').waitFor({ state: 'detached' });
      expect(sent('SET_MARK').map(({ label }) => label)).toEqual(['', null]);
    }));

  test('is what is shown alone, those of long ago too', () =>
    desktop(async (stand) => {
      const { fixture, page } = stand;
      fixture.riffs.push({ ...oldRiff, marked: true, mark: 'Bridge' });
      const only = page.getByRole('button', { name: 'Only riffs with a star' });
      await star(stand, 3).click();
      await page.locator('[data-marked="true"]').waitFor();
      await only.click();
      await rows(stand).filter({ hasText: 'Bridge' }).waitFor();
      expect(await rows(stand).count()).toBe(2);
      await only.click();
      await page.waitForFunction(() => document.querySelectorAll('[data-riff]').length > 2);
    }));

  test('that is nowhere yet is explained', () =>
    desktop(async ({ page }) => {
      await page.getByRole('button', { name: 'Only riffs with a star' }).click();
      await page.getByText('No riff has a star yet: press the star of one.').waitFor();
    }));

  test.each(['dark', 'light'] as const)('axe finds nothing while it is named, %s', (colorScheme) =>
    withPage('full', { viewport: DESKTOP, colorScheme, reducedMotion: 'reduce' }, async (stand) => {
      await star(stand, 1).click();
      await stand.page.locator('[data-marked="true"]').waitFor();
      await star(stand, 1).click();
      await stand.page.getByRole('textbox', { name: /^Name of the star/ }).waitFor();
      expect(await axe(stand.page)).toEqual([]);
    }),
  );
});
