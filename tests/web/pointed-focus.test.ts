/** Mouse and keys in turn: what was used with a pointer does not keep the keys of the stage. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { makeStands, pad, type Stand } from '../support/page-stand.ts';

const { desktop } = makeStands();

const withSlotSheet = (run: (stand: Stand) => Promise<void>) =>
  desktop(async (stand) => {
    await stand.page.getByRole('button', { name: /More about slot 1/ }).click();
    await stand.page.getByRole('textbox', { name: 'Name of slot 1' }).waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const arrived = (what: string, count: () => number, least = 1) =>
  until(what, () => count() >= least);

const focusedTag = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

describe('after a slider was moved with the mouse', () => {
  test('keys capture and play, and arrows are still the slider’s', () =>
    withSlotSheet(async ({ page, sent }) => {
      await page.getByRole('slider', { name: 'Volume' }).click();
      expect(await focusedTag(page)).toBe('INPUT');
      for (const key of ['3', 'r', 'Space']) await page.keyboard.press(key);
      await arrived('PAUSE', () => sent('PAUSE').length);
      expect(sent('TRIGGER_SLOT').map(({ slot }) => slot)).toEqual([2, 'auto']);
      const before = sent('SET_VOL').length;
      await page.keyboard.press('ArrowLeft');
      await arrived('SET_VOL', () => sent('SET_VOL').length, before + 1);
    }));
});

describe('a list', () => {
  const meter = (page: Page) => page.getByRole('combobox', { name: 'Meter' });

  test('opened with the mouse and left as it was has no say in the next key', () =>
    desktop(async ({ page, sent }) => {
      await meter(page).click();
      await page.keyboard.press('Escape');
      expect(await focusedTag(page)).toBe('SELECT');
      await page.keyboard.press('3');
      await page.keyboard.press('5');
      await arrived('captures', () => sent('TRIGGER_SLOT').length, 2);
      expect(sent('TRIGGER_SLOT').map(({ slot }) => slot)).toEqual([2, 4]);
      expect(sent('SET_METER')).toEqual([]);
    }));

  test('chosen from with the mouse gives the focus back', () =>
    desktop(async ({ page, sent }) => {
      await meter(page).dispatchEvent('pointerdown');
      await meter(page).focus();
      await meter(page).selectOption('7/8');
      await arrived('SET_METER', () => sent('SET_METER').length);
      expect(await focusedTag(page)).toBe('BODY');
    }));

  test('reached with Tab keeps its keys, until something else is pressed with the mouse', () =>
    desktop(async ({ page, sent }) => {
      await meter(page).focus();
      await page.keyboard.press('3');
      await arrived('SET_METER', () => sent('SET_METER').length);
      expect(sent('TRIGGER_SLOT')).toEqual([]);
      await page.getByRole('button', { name: 'M: mute slot 2' }).click();
      await page.keyboard.press('3');
      await arrived('a capture', () => sent('TRIGGER_SLOT').length);
      expect(sent('SET_METER')).toHaveLength(1);
    }));
});

test('what is written stays writing', () =>
  withSlotSheet(async ({ page, sent }) => {
    const name = page.getByRole('textbox', { name: 'Name of slot 1' });
    await name.click();
    await name.press('End');
    await page.keyboard.type(' 3r');
    expect(await name.inputValue()).toEndWith(' 3r');
    await page.keyboard.press('Enter');
    await arrived('RENAME_SLOT', () => sent('RENAME_SLOT').length);
    expect(sent('TRIGGER_SLOT')).toEqual([]);
  }));

test.each(['Delete', 'Backspace'])('%s clears the focused slot, and no empty one', (key) =>
  desktop(async ({ fixture, page, sent }) => {
    fixture.change(({ slots }) => Object.assign(at(slots, 3), { takeId: null, state: 'EMPTY' }));
    await page.locator('[data-content="none"] [data-pad="3"]').focus();
    await page.keyboard.press(key);
    await pad(page, 1).focus();
    await page.keyboard.press(key);
    await arrived('CLEAR_SLOT', () => sent('CLEAR_SLOT').length);
    expect(sent('CLEAR_SLOT')).toMatchObject([{ slot: 1 }]);
  }),
);
