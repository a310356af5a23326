/** A part of the page that an outage kept away comes after it, dressed, without a reload. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { rows } from '../support/history-stand.ts';
import { DESKTOP, makeStands } from '../support/page-stand.ts';

const { withPage } = makeStands();

test('code and styles that failed to load are asked for again', () =>
  withPage('full', { viewport: DESKTOP, reducedMotion: 'reduce' }, async (stand) => {
    const { page } = stand;
    const panel = page.getByRole('region', { name: 'History' });
    const colour = () => panel.evaluate((box) => getComputedStyle(box).backgroundColor);
    const before = await colour();
    let refused = 0;
    await page.route(/\/assets\/History/, (route) => {
      refused += 1;
      return route.abort();
    });
    await page.reload();
    await until('refused', () => refused >= 2);
    await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
    expect(await rows(stand).count()).toBe(0);
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    await page.unroute(/\/assets\/History/);
    await rows(stand).first().waitFor();
    await until('its styles', async () => (await colour()) === before);
    expect(await page.evaluate(() => Reflect.get(window, 'isSame'))).toBe(true);
  }));
