/** What the page does when there is less to show: the engine is busy, or nobody looks. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { axe } from '../support/axe.ts';
import { makeStands, PHONE } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

test('a busy engine tells less often: the page says so, and no longer', () =>
  desktop(async ({ page, fixture, faults }) => {
    const load = (audioLoad: number) =>
      fixture.change((draft) => {
        draft.system.audioLoad = audioLoad;
      });
    const says = (text: string) => page.locator('header').getByText(text).waitFor();
    load(0.75);
    await says('75 % · VIS 15');
    load(0.9);
    await says('90 % · VIS 8');
    load(0.2);
    await page.waitForFunction(
      () => document.querySelector('header')?.textContent?.includes('VIS') === false,
    );
    expect(faults).toEqual([]);
  }));

test.each([
  ['phone', PHONE],
  ['small phone', { width: 320, height: 568 }],
] as const)('%s: there too, within the header', (_, viewport) =>
  withPage('full', { viewport, reducedMotion: 'reduce' }, async ({ page, fixture }) => {
    fixture.change((draft) => {
      draft.system.audioLoad = 0.9;
    });
    const badge = page.locator('header').getByText('VIS 8');
    await badge.waitFor();
    const { width = 0, x = 0 } = (await badge.boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(viewport.width);
    expect(await page.locator('header').evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(
      true,
    );
    const { height, width: wide } =
      (await page.getByRole('button', { name: 'Pause' }).boundingBox()) ?? {};
    expect(wide).toBe(height);
    expect(await axe(page)).toEqual([]);
  }),
);

test('a hidden page wants no frames, and wants them again', () =>
  desktop(async ({ page, sent }) => {
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    const wanted = (count: number) =>
      until('SET_VIS', () => {
        const all = sent('SET_VIS').map(({ fps }) => fps);
        return all.length >= count && all;
      });
    await hide(true);
    expect(await wanted(1)).toEqual([0]);
    await hide(false);
    expect(await wanted(2)).toEqual([0, 30]);
  }));
