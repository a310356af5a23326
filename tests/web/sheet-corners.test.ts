/** Behind the round corners of a phone's sheet lies the page, not a hole. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { makeStands, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();

/** Red, green, blue and opacity of both upper corners of the sheet, as they were drawn. */
const corners = async (page: Page): Promise<number[][]> => {
  const box = await page.getByRole('dialog').boundingBox();
  const y = Math.ceil(box?.y ?? 0) + 1;
  const png = (await page.screenshot()).toString('base64');
  const blank = await page.context().newPage();
  const colours = await blank.evaluate(
    async ({ png: data, places }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawn = canvas.getContext('2d');
      drawn?.drawImage(image, 0, 0);
      return places.map(([left = 0, top = 0]) => [
        ...(drawn?.getImageData(left, top, 1, 1).data ?? []),
      ]);
    },
    {
      png,
      places: [
        [1, y],
        [PHONE.width - 2, y],
      ],
    },
  );
  await blank.close();
  return colours;
};

test.each(['dark', 'light'] as const)('the corners of a sheet that scrolls, %s', (colorScheme) =>
  withPage('full', { viewport: PHONE, colorScheme, reducedMotion: 'reduce' }, async ({ page }) => {
    await page.getByRole('button', { name: 'More about slot 3' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    expect(await sheet.evaluate((box) => box.scrollHeight > box.clientHeight)).toBeTrue();
    for (const [red = 0, , , opacity] of await corners(page)) {
      expect(opacity).toBe(255);
      expect(colorScheme === 'dark' ? red < 60 : red > 150).toBeTrue();
    }
    // Opaque, Chromium leaves a hole there.
    await page.evaluate(() => {
      const bare = new CSSStyleSheet();
      bare.replaceSync('dialog { background: var(--surface) !important }');
      document.adoptedStyleSheets = [bare];
    });
    expect((await corners(page)).map(([, , , opacity]) => opacity)).toEqual([0, 0]);
  }),
);
