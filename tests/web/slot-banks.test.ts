/** More than eight slots: all of them are within reach of fingers, eight at a time. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { emptySlot } from '../../protocol/empty-state.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, pad, PHONE, type Stand } from '../support/page-stand.ts';
import { makeFingers } from '../support/touch.ts';

const { withPage } = makeStands();
const SLOTS = 20;
const TARGET_PX_MIN = 44;

const VIEWS = [
  ['phone', { viewport: PHONE, hasTouch: true }],
  ['small phone', { viewport: { width: 320, height: 568 }, hasTouch: true }],
  ['lying phone', { viewport: { width: 844, height: 390 }, hasTouch: true }],
  ['tablet', { viewport: { width: 820, height: 1180 }, hasTouch: true }],
  ['desktop', { viewport: DESKTOP }],
] as const;

const grow = ({ fixture }: Stand) =>
  fixture.change((draft) => {
    for (let n = draft.slots.length; n < SLOTS; n++) draft.slots.push(emptySlot(`more-${n}`));
  });

const turn = (page: Page, to: string) =>
  page.getByRole('navigation', { name: 'Banks of slots' }).getByRole('button', { name: to });

const boxes = (page: Page) =>
  page.locator('[data-pad]').evaluateAll((pads) =>
    pads.map((one) => {
      const { height, width, x, y } = one.getBoundingClientRect();
      return { height, width, x, y };
    }),
  );

describe('more than eight slots', () => {
  for (const [name, options] of VIEWS) {
    test(`${name}: each is seen in its bank, at the place of the one before it, and captures`, () =>
      withPage('full', { ...options, reducedMotion: 'reduce' }, async (stand) => {
        const { faults, page, sent } = stand;
        grow(stand);
        await turn(page, 'Slots 9 to 16').waitFor();
        const first = await boxes(page);
        const buttons = page.locator('[data-turn]');
        expect(await smallestPx(buttons)).toBeGreaterThanOrEqual(TARGET_PX_MIN);
        expect(await axe(page)).toEqual([]);
        await turn(page, 'Slots 9 to 16').click();
        await pad(page, 8).waitFor();
        expect(await boxes(page)).toEqual(first);
        expect(first).toHaveLength(8);
        const fingers = makeFingers(page);
        await fingers.on(pad(page, 12), 'pointerdown', 1);
        await fingers.on(pad(page, 12), 'pointerup', 1);
        await pad(page, 12).and(page.locator('[aria-label*="4 bars"]')).waitFor();
        expect(sent('TRIGGER_SLOT')).toMatchObject([{ slot: 12 }]);
        await turn(page, 'Slots 17 to 20').click();
        await pad(page, 19).waitFor();
        expect(await pad(page, 16).count()).toBe(1);
        expect(await boxes(page)).toEqual(first.slice(0, 4));
        expect(await turn(page, 'No more slots').isDisabled()).toBe(true);
        expect(faults).toEqual([]);
      }));
  }

  test('a session with fewer comes: what there is of it is seen', () =>
    withPage('full', { viewport: PHONE }, async (stand) => {
      const { fixture, page } = stand;
      grow(stand);
      await turn(page, 'Slots 9 to 16').click();
      await turn(page, 'Slots 17 to 20').click();
      await pad(page, 19).waitFor();
      fixture.change((draft) => {
        draft.slots.splice(8);
      });
      await pad(page, 0).waitFor();
      expect(await page.locator('[data-pad]').count()).toBe(8);
      expect(await page.getByRole('navigation', { name: /Banks/ }).count()).toBe(0);
    }));

  test('eight slots have no banks', () =>
    withPage('full', { viewport: PHONE }, async ({ page }) => {
      expect(await page.getByRole('navigation', { name: /Banks/ }).count()).toBe(0);
    }));
});
