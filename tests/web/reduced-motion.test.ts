/** Reduced motion: what is drawn moves only where the music does, and by beats where it counts down. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { DESKTOP, makeStands, pad } from '../support/page-stand.ts';

const { withPage } = makeStands();
const VIEWS = { reduce: 'still', 'no-preference': 'moving' } as const;

/** How many different pictures a ring has within that many paints, and how long they took. */
const picturesOf = (page: Page, slot: number, paints: number) =>
  page
    .locator(`[data-ring="${slot}"] canvas`)
    .first()
    .evaluate(
      (canvas: HTMLCanvasElement, count) =>
        new Promise<{ seen: number; ms: number }>((done) => {
          const seen = new Set<string>();
          const startMs = performance.now();
          let left = count;
          const look = () => {
            seen.add(canvas.toDataURL());
            left -= 1;
            if (left > 0) requestAnimationFrame(look);
            else done({ seen: seen.size, ms: performance.now() - startMs });
          };
          requestAnimationFrame(look);
        }),
      paints,
    );

describe.each(['reduce', 'no-preference'] as const)('%s', (reducedMotion) => {
  test(`an arc that counts down is ${VIEWS[reducedMotion]} between beats`, () =>
    withPage('full', { viewport: DESKTOP, reducedMotion }, async ({ fixture, page }) => {
      const bpm = 20;
      fixture.change((state) => {
        state.transport.bpm = state.transport.bpmEffective = bpm;
        const [, , , , , , , last] = state.slots;
        const atFrame = fixture.moment.frame + (3.5 * 60 * state.devices.rateHz) / bpm;
        if (last) last.pending = { kind: 'recall', atFrame, takeId: null, bars: 0 };
      });
      await page.locator('li[data-look="pending"]:has([data-pad="7"])').waitFor();
      await picturesOf(page, 7, 5);
      const { ms, seen } = await picturesOf(page, 7, 20);
      const beats = 1 + Math.ceil(ms / (60_000 / bpm));
      if (reducedMotion === 'reduce') expect(seen).toBeLessThanOrEqual(beats + 1);
      else expect(seen).toBeGreaterThan(beats + 1);
    }));

  test(`the light of a slot is ${VIEWS[reducedMotion]} while it sounds`, () =>
    withPage('full', { viewport: DESKTOP, reducedMotion }, async ({ page }) => {
      /** How often it is written anew within two seconds. */
      const writes = () =>
        page.locator('li:has([data-pad="0"])').evaluate(async (row) => {
          let count = 0;
          const watch = new MutationObserver((all) => (count += all.length));
          watch.observe(row, { attributes: true, attributeFilter: ['style'] });
          await new Promise((done) => setTimeout(done, 2000));
          watch.disconnect();
          return count;
        });
      await page.waitForFunction(
        () =>
          Number(
            document
              .querySelector<HTMLElement>('li:has([data-pad="0"])')
              ?.style.getPropertyValue('--lit'),
          ) > 4,
      );
      if (reducedMotion === 'reduce') await until('it stands', async () => (await writes()) === 0);
      else expect(await writes()).toBeGreaterThan(0);
    }));

  test(`a pad under the finger is ${reducedMotion === 'reduce' ? 'lit alone' : 'pressed in'}`, () =>
    withPage('full', { viewport: DESKTOP, reducedMotion }, async ({ page }) => {
      await pad(page, 1).hover();
      await page.mouse.down();
      const row = page.locator('li[data-pressed="true"]');
      await row.waitFor();
      const scale = await row.evaluate((one) => getComputedStyle(one).transform);
      expect(scale === 'none').toBe(reducedMotion === 'reduce');
    }));
});
