/** The page on a home screen: what its manifest names is there, as large as it says, and is taken. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawIcon } from '../../web/icon/draw-icon.ts';
import { encodePng } from '../../web/icon/encode-png.ts';
import { ICONS } from '../../web/icon/emit-icons.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { type BuiltPage, buildPage } from '../support/built-page.ts';
import { startFixture } from '../support/fixture/server.ts';

interface Manifest {
  readonly icons: readonly { src: string; sizes: string; purpose?: string }[];
}

let built: BuiltPage;
beforeAll(async () => {
  built = await buildPage();
}, 60_000);
afterAll(() => built.remove());

const alphaAt = (name: string, x: number, y: number): number => {
  const look = ICONS[name];
  if (!look) throw new Error(`no icon ${name}`);
  const column = Math.floor(x * look.sizePx);
  const row = Math.floor(y * look.sizePx);
  return drawIcon(look)[(row * look.sizePx + column) * 4 + 3] ?? -1;
};

test('each icon of the manifest is there, in the size it says', () => {
  const text = readFileSync(join(built.dist, 'manifest.webmanifest'), 'utf8');
  const { icons } = JSON.parse(text) as Manifest;
  for (const { sizes, src } of icons.filter((icon) => icon.src.endsWith('.png'))) {
    const bytes = readFileSync(join(built.dist, src));
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
  expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  expect(readFileSync(join(built.dist, 'index.html'), 'utf8')).toContain('/apple-touch-icon.png');
});

test('what a mask cuts is night to the edge; the others have round corners', () => {
  expect(alphaAt('icon-512-maskable.png', 0.01, 0.01)).toBe(255);
  expect(alphaAt('apple-touch-icon.png', 0.01, 0.01)).toBe(255);
  expect(alphaAt('icon-192.png', 0.01, 0.01)).toBe(0);
  expect(alphaAt('icon-192.png', 0.5, 0.02)).toBe(255);
});

test('the sign stays inside what every mask leaves', () => {
  const look = ICONS['icon-512-maskable.png'];
  if (!look) throw new Error('no maskable icon');
  const pixels = drawIcon(look);
  const reach = 0.4 * look.sizePx;
  for (let row = 0; row < look.sizePx; row += 1) {
    for (let column = 0; column < look.sizePx; column += 1) {
      const isFar = Math.hypot(column - look.sizePx / 2, row - look.sizePx / 2) > reach;
      if (isFar && (pixels[(row * look.sizePx + column) * 4] ?? 0) > 20) {
        throw new Error(`the sign reaches ${column}, ${row}`);
      }
    }
  }
});

test('the browser reads the manifest without complaint, and decodes the picture', async () => {
  const browser = await launchBrowser();
  const fixture = startFixture({ dist: built.dist });
  const { page, close, faults } = await openPage(browser, fixture.url);
  try {
    const client = await page.context().newCDPSession(page);
    const { errors, data } = await client.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'FlowZone', display: 'standalone' });
    const size = await page.evaluate(async () => {
      const picture = await createImageBitmap(await (await fetch('/icon-192.png')).blob());
      return [picture.width, picture.height];
    });
    expect(size).toEqual([192, 192]);
    expect(faults).toEqual([]);
  } finally {
    await close();
    await fixture.stop();
    await browser.close();
  }
}, 60_000);

test('a part of the file carries the checksum that readers ask for', async () => {
  const png = await encodePng(drawIcon({ sizePx: 8, signScale: 1, cornerRadius: 0 }), 8);
  const type = new TextDecoder().decode(png.subarray(12, 16));
  expect(type).toBe('IHDR');
  const view = new DataView(png.buffer);
  expect(view.getUint32(29)).toBe(Bun.hash.crc32(png.subarray(12, 29)));
});
