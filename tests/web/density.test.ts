/** The window moves to a screen of another density: what is drawn keeps its size, and is as sharp. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { DESKTOP, makeStands } from '../support/page-stand.ts';

const { desktop } = makeStands();

test.each(['Slots', 'Mix'])('rings, strip and meters are fitted to it: %s', (view) =>
  desktop(async ({ page }) => {
    if (view === 'Mix') {
      await page.keyboard.press('p');
      await page.getByRole('slider').first().waitFor();
    }
    /** Canvases whose pixels are not so many for one of their box. */
    const unfit = (ratio: number) =>
      page.evaluate((wanted) => {
        const all = [...document.querySelectorAll<HTMLCanvasElement>('header canvas, main canvas')];
        const shown = all.filter((canvas) => canvas.clientWidth > 0 && canvas.width > 1);
        if (shown.length < 9) return ['too few'];
        return shown
          .filter((canvas) => Math.abs(canvas.width - canvas.clientWidth * wanted) > 2)
          .map((canvas) => `${canvas.width} for ${canvas.clientWidth}`);
      }, ratio);
    const areFit = async (ratio: number) => (await unfit(ratio)).length === 0;
    await until('fit for one', () => areFit(1));
    const client = await page.context().newCDPSession(page);
    await client.send('Emulation.setDeviceMetricsOverride', {
      ...DESKTOP,
      deviceScaleFactor: 2,
      mobile: false,
    });
    await page.waitForFunction(() => devicePixelRatio === 2);
    await until('fit for two', () => areFit(2)).catch(() => {});
    expect(await unfit(2)).toEqual([]);
  }),
);
