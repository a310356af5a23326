/** The history before a stand-in of the gateway: finding a riff, and putting its loop into a slot. */
import { describe, expect, test } from 'bun:test';
import type { RiffRow } from '../../protocol/state.ts';
import { isRiffLike } from '../../web/music/find-riffs.ts';
import { at } from '../support/at.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

const find = ({ page }: Stand) => page.getByRole('searchbox', { name: 'Find in the history' });
const rows = ({ page }: Stand) => page.locator('[data-riff]');

const old: RiffRow = {
  id: '00000000-0000-4000-8000-00000000f001',
  parentId: null,
  seq: -1,
  tsMs: 1_700_000_000_000,
  cause: 'PLUGIN_LOAD',
  slot: null,
  bars: 0,
  label: 'Loaded Tape Echo',
  slots: [],
  marked: false,
};

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
      stand.fixture.riffs.push(old);
      await find(stand).fill('tape');
      await rows(stand).filter({ hasText: 'Loaded Tape Echo' }).waitFor();
      expect(await rows(stand).count()).toBe(1);
      await rows(stand).click();
      await stand.page.waitForTimeout(50);
      expect(stand.sent('RECALL_RIFF')).toMatchObject([{ riffId: old.id, when: 'bar' }]);
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
      fixture.riffs.push({ ...old, marked: true, mark: 'Bridge' });
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
