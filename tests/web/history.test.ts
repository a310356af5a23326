/** The history before a stand-in of the gateway: finding a riff, and putting its loop into a slot. */
import { describe, expect, test } from 'bun:test';
import type { Locator, Page } from 'playwright-core';
import type { RiffRow } from '../../protocol/state.ts';
import { isRiffLike } from '../../web/music/find-riffs.ts';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, pad, PHONE, type Stand } from '../support/page-stand.ts';
import { makeFingers } from '../support/touch.ts';

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

const loopRow = (stand: Stand, place: number) => {
  const riff = at(
    stand.fixture.state().history.newest.filter(({ cause }) => cause === 'CAPTURE'),
    place,
  );
  const held = riff.slots.find(({ slot }) => slot === riff.slot);
  return { row: stand.page.locator(`[data-riff="${riff.id}"]`), takeId: held?.takeId ?? '' };
};

const middle = async (what: Locator) => {
  const box = await what.boundingBox();
  if (!box) throw new Error('it is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

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
      await row.waitFor();
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
