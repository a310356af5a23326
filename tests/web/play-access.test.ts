/** The pads are within everyone's reach: axe, the size of targets, no scroll bars in any window. */
import { describe, expect, test } from 'bun:test';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, PHONE } from '../support/page-stand.ts';
import { choose, makePlaying } from '../support/play-stand.ts';

const playing = makePlaying();

describe('access', () => {
  test.each([
    ['dark', DESKTOP],
    ['light', PHONE],
  ] as const)('axe finds nothing, %s', (colorScheme, viewport) =>
    playing(
      async (stand) => {
        expect(await axe(stand.page)).toEqual([]);
        await choose(stand, 'x', 'tape drive', 'Drive');
        expect(await axe(stand.page)).toEqual([]);
        await stand.page.getByRole('button', { name: 'Keys', exact: true }).click();
        await stand.page.locator('[data-note="61"]').waitFor();
        expect(await axe(stand.page)).toEqual([]);
        await stand.page.locator('[data-axis="y"]').click();
        await stand.page.locator('[data-found]').first().waitFor();
        expect(await axe(stand.page)).toEqual([]);
      },
      { viewport, colorScheme },
    ),
  );

  test.each([
    [1440, 900],
    [1180, 820],
    [820, 1180],
    [390, 844],
    [390, 664],
    [844, 390],
    [320, 568],
  ])('%i × %i: no scroll bars, nothing outside, no small target', (width, height) =>
    playing(
      async ({ page }) => {
        const found = await page.evaluate(() => {
          const root = document.documentElement;
          const boxes = [...document.querySelectorAll('main button, nav button, main select')]
            .filter((one) => one.checkVisibility() && !one.matches('[data-pad]'))
            .map((one) => ({
              name: one.ariaLabel ?? one.textContent,
              box: one.getBoundingClientRect(),
            }));
          return {
            hasScroll: root.scrollWidth > innerWidth || root.scrollHeight > innerHeight,
            outside: boxes.filter(
              ({ box }) =>
                box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight,
            ),
            small: boxes.filter(({ box }) => box.width < 24 || box.height < 24),
          };
        });
        expect(found).toEqual({ hasScroll: false, outside: [], small: [] });
      },
      { viewport: { width, height } },
    ),
  );

  test('on the phone pads, loops and all controls are 44 px', () =>
    playing(async ({ page }) => {
      const controls = page.locator(
        '[data-note], [data-pad], section[aria-label="Play"] select, [data-axis], nav button',
      );
      expect(await smallestPx(controls)).toBeGreaterThanOrEqual(43.9);
    }));
});
