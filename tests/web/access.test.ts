/** The page in Chromium: no violation of the access rules, nothing outside the view, no small target. */
import { describe, expect, test } from 'bun:test';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, pad, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();

/** Ten views are gone through one after the other. */
const ALL_SHEETS_MS = 240_000;

/** A colour half faded in is not the colour that is read. */
const STILL = { reducedMotion: 'reduce' } as const;

describe('access', () => {
  test.each(['dark', 'light'] as const)(
    'axe finds nothing, %s',
    (colorScheme) =>
      withPage(
        'states',
        { viewport: DESKTOP, colorScheme, ...STILL },
        async ({ page, fixture, faults }) => {
          expect(await axe(page)).toEqual([]);
          await page.getByRole('button', { name: /More about slot 3/ }).click();
          await page.getByRole('textbox', { name: 'Name of slot 3' }).waitFor();
          expect(await axe(page)).toEqual([]);
          await page.getByRole('button', { name: 'Bar line, latency, metronome' }).click();
          await page.getByRole('region', { name: 'Timing' }).waitFor();
          expect(await axe(page)).toEqual([]);
          await page.getByRole('button', { name: 'Earlier…' }).click();
          await page.locator('[data-bar="3"]').waitFor();
          expect(await axe(page)).toEqual([]);
          await page.keyboard.press('?');
          await page.getByRole('dialog').waitFor();
          expect(await axe(page)).toEqual([]);
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: ', all sessions' }).click();
          await page.getByRole('button', { name: 'Edit Kitchen, slow' }).click();
          expect(await axe(page)).toEqual([]);
          await page.getByRole('button', { name: 'Remove…' }).click();
          expect(await axe(page)).toEqual([]);
          await page.getByRole('button', { name: 'Remove', exact: true }).click();
          await page.locator('[data-removed]').waitFor();
          expect(await axe(page)).toEqual([]);
          await page.keyboard.press('Escape');
          expect(faults).toEqual([]);
          fixture.held.isPaused = true;
          fixture.dropAll();
          await page.getByText('Reconnecting…').waitFor();
          expect(await axe(page)).toEqual([]);
        },
      ),
    ALL_SHEETS_MS,
  );

  test('axe finds nothing on the phone and in its sheets', () =>
    withPage('full', { viewport: PHONE, hasTouch: true, ...STILL }, async ({ page }) => {
      expect(await axe(page)).toEqual([]);
      for (const name of ['History', 'More']) {
        await page.getByRole('button', { name, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        expect(await axe(page)).toEqual([]);
        const pressed = page.getByRole('dialog').locator('button:visible, select:visible');
        expect(await smallestPx(pressed)).toBeGreaterThanOrEqual(44);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Earlier…' }).click();
      await page.locator('[data-bar="3"]').waitFor();
      expect(await axe(page)).toEqual([]);
      expect(await smallestPx(page.locator('[data-bar]'))).toBeGreaterThanOrEqual(44);
      expect(await smallestPx(page.getByRole('dialog').getByRole('button'))).toBeGreaterThanOrEqual(
        44,
      );
    }));

  test('a sheet takes the focus, keeps it and gives it back', () =>
    withPage('full', { viewport: PHONE }, async ({ page }) => {
      const more = page.getByRole('button', { name: /More about slot 3/ });
      await more.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Tab');
      const isInside = await page.evaluate(
        () => document.activeElement?.closest('dialog') !== null,
      );
      expect(isInside).toBe(true);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);
    }));

  test('reduced motion: nothing is animated', () =>
    withPage('states', { viewport: DESKTOP, reducedMotion: 'reduce' }, async ({ page }) => {
      await pad(page, 7).click();
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    }));
});

describe('layout', () => {
  const SIZES = [
    [1440, 900],
    [390, 844],
    [390, 664],
    [844, 390],
    [320, 568],
    [720, 450],
    [820, 1180],
    [1180, 820],
  ] as const;

  test.each(SIZES)(
    '%i × %i: no scroll bars, everything in the view, targets large enough',
    (width, height) =>
      withPage('full', { viewport: { width, height } }, async ({ page }) => {
        await page.waitForTimeout(150);
        const found = await page.evaluate(() => {
          const root = document.documentElement;
          const buttons = [...document.querySelectorAll('button, input, select, a[href]')];
          const boxes = buttons
            .filter((one) => !one.closest('[tabindex="-1"]') && one.checkVisibility())
            .map((one) => {
              const { left, top, right, bottom, width: w, height: h } = one.getBoundingClientRect();
              const name = one.getAttribute('aria-label') ?? one.textContent ?? '';
              return { name, left, top, right, bottom, w, h };
            });
          return {
            hasScroll: root.scrollWidth > innerWidth || root.scrollHeight > innerHeight,
            outside: boxes
              .filter(
                (b) => b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight,
              )
              .map((b) => b.name),
            small: boxes.filter((b) => b.w < 24 || b.h < 24).map((b) => `${b.name} ${b.w}×${b.h}`),
          };
        });
        expect(found).toEqual({ hasScroll: false, outside: [], small: [] });
      }),
  );

  test('at 390 × 664 pads, M, Undo and Play are at least 44 px', () =>
    withPage('full', { viewport: { width: 390, height: 664 } }, async ({ page }) => {
      const small = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            '[data-pad], [aria-label^="M:"], [data-do], [aria-label="Pause"]',
          ),
        ]
          .map((one) => ({
            name: one.getAttribute('aria-label'),
            box: one.getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width < 43.9 || box.height < 43.9)
          .map(({ name }) => name),
      );
      expect(small).toEqual([]);
    }));
});
