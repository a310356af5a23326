/** The page by keyboard alone: Tab goes as the eye does, the focus is always seen, sheets keep it. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { at } from '../support/at.ts';
import { addRack } from '../support/fixture/rack.ts';
import { DESKTOP, makeStands, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();

const STOPS_MAX = 160;

interface Stop {
  readonly name: string;
  /** Header, slots, strip, steps, history: in the order in which they are read. */
  readonly region: string;
  /** Of the slot it is in; −1 = none. */
  readonly slot: number;
  readonly x: number;
  readonly y: number;
  readonly isRinged: boolean;
  readonly isInView: boolean;
}

/** Where the focus is; undefined = at the beginning again. */
const stopOf = (page: Page): Promise<Stop | undefined> =>
  page.evaluate(() => {
    const one = document.activeElement;
    if (!(one instanceof HTMLElement) || one === document.body) return undefined;
    const { bottom, height, left, right, top, width } = one.getBoundingClientRect();
    const ringed = (element: Element | null, up: number): boolean => {
      if (!element) return false;
      const { boxShadow, outlineStyle, outlineWidth } = getComputedStyle(element);
      const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      const hasEdge = /inset.*2px|2px.*inset/.test(boxShadow) && element.matches(':focus-within');
      return hasOutline || hasEdge || (up > 0 && ringed(element.parentElement, up - 1));
    };
    const pad = one.closest('li')?.querySelector('[data-pad]');
    const region =
      one.closest('header') ??
      one.closest('nav, aside, dialog, [data-zone], main section, main ol');
    return {
      name: one.ariaLabel ?? one.textContent ?? '',
      region: region?.ariaLabel ?? region?.tagName ?? '',
      slot: pad instanceof HTMLElement ? Number(pad.dataset['pad']) : -1,
      x: left + width / 2,
      y: top + height / 2,
      isRinged: ringed(one, 2),
      isInView: right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
    };
  });

const walk = async (page: Page, key = 'Tab'): Promise<Stop[]> => {
  const stops: Stop[] = [];
  while (stops.length < STOPS_MAX) {
    await page.keyboard.press(key);
    const stop = await stopOf(page);
    if (!stop) return stops;
    stops.push(stop);
  }
  return stops;
};

/** In one row to the right, or in a row further down. */
const goesOn = (from: Stop, to: Stop) => to.y > from.y + 12 || to.x >= from.x - 12;

describe.each([
  ['desktop', DESKTOP],
  ['tablet', { width: 820, height: 1180 }],
  ['phone', PHONE],
] as const)('on the %s', (_name, viewport) => {
  const walked = (run: (stops: Stop[], page: Page) => void | Promise<void>) =>
    withPage('full', { viewport, reducedMotion: 'reduce' }, async ({ fixture, page }) => {
      fixture.change(addRack);
      await page.locator('[data-view="play"]').waitFor();
      await run(await walk(page), page);
    });

  test('Tab goes through every slot in order, and through the header from left to right', () =>
    walked((stops) => {
      const slots = stops.flatMap(({ slot }) => (slot < 0 ? [] : [slot]));
      expect(slots).toEqual(slots.toSorted((a, b) => a - b));
      expect(new Set(slots).size).toBe(8);
      for (const region of ['HEADER', 'Steps']) {
        const within = stops.filter((stop) => stop.region === region);
        expect(within.length).toBeGreaterThan(1);
        for (let next = 1; next < within.length; next += 1) {
          expect(goesOn(at(within, next - 1), at(within, next))).toBe(true);
        }
      }
    }));

  test('each region is gone through once, without a way back', () =>
    walked((stops) => {
      const regions = stops.map(({ region, slot }) => (slot < 0 ? region : 'slots'));
      const entered = regions.filter((region, index) => region !== regions[index - 1]);
      expect(entered).toEqual([...new Set(entered)]);
    }));

  test('the focus is always seen', () =>
    walked((stops) => {
      expect(stops.length).toBeLessThan(STOPS_MAX);
      expect(stops.filter(({ isRinged }) => !isRinged).map(({ name }) => name)).toEqual([]);
      expect(stops.filter(({ isInView }) => !isInView).map(({ name }) => name)).toEqual([]);
    }));
});

test.each([0, 1])('Esc closes what is docked, with the focus in it or not: %p', (tabs) =>
  withPage('full', { viewport: DESKTOP, reducedMotion: 'reduce' }, async ({ fixture, page }) => {
    fixture.change(addRack);
    const more = page.getByRole('button', { name: /More about slot 2/ });
    await more.focus();
    await page.keyboard.press('Enter');
    const dock = page.getByRole('region', { name: 'Slot 2', exact: true });
    await dock.waitFor();
    if (tabs > 0) await dock.getByRole('button', { name: 'Close', exact: true }).focus();
    await page.keyboard.press('Escape');
    await dock.waitFor({ state: 'detached' });
    expect(await more.evaluate((one) => one === document.activeElement)).toBe(true);
    await more.click();
    await dock.waitFor();
    await page.locator('body').press('Escape');
    await dock.waitFor({ state: 'detached' });
  }),
);

test('from one dock into another, the focus goes back to what opened the first', () =>
  withPage('full', { viewport: DESKTOP, reducedMotion: 'reduce' }, async ({ fixture, page }) => {
    fixture.change(addRack);
    const opener = page.getByRole('button', { name: 'Plug-ins', exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    const first = page.getByRole('region', { name: 'Plug-ins', exact: true });
    await first.getByRole('button', { name: /Bellfry.*, open$/ }).focus();
    await page.keyboard.press('Enter');
    const second = page.getByRole('region', { name: 'Plug-in', exact: true });
    await second.waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === 'Bellfry');
    await page.keyboard.press('Escape');
    await second.waitFor({ state: 'detached' });
    expect(await opener.evaluate((one) => one === document.activeElement)).toBe(true);
  }));

test.each(['History', 'More'])(
  'the sheet %s keeps the focus, gives it back, and Esc closes it',
  (name) =>
    withPage('full', { viewport: PHONE }, async ({ page }) => {
      const button = page.getByRole('button', { name, exact: true });
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      for (let turn = 0; turn < 12; turn += 1) {
        await page.keyboard.press('Tab');
        const isOut = await page.evaluate(() => {
          const one = document.activeElement;
          // Between its last and its first stop Chromium goes to its own bar.
          return one !== null && one !== document.body && one.closest('dialog') === null;
        });
        expect(isOut).toBe(false);
      }
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
    }),
);
