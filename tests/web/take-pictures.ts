/**
 * Takes the pictures for README and review from the running product, played through its page.
 *
 *   bun tests/web/take-pictures.ts FOLDER
 *
 * The headless engine's demo player performs; the page captures, names, sets volumes and mutes.
 * About 75 seconds; nothing in the pictures is invented.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startProduct } from '../judge/product.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP, pad, PHONE } from '../support/page-stand.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: bun tests/web/take-pictures.ts FOLDER');
mkdirSync(folder, { recursive: true });

/** Bar to wait for, zone to press, name and fader travel of the loop. */
const STEPS = [
  [5, 2, 'Drums', -14],
  [9, 4, 'Sub bass', -40],
  [13, 4, 'Keys', -30],
  [17, 2, 'Lead', -60],
  [21, 8, 'Long line', -45],
  [26, 4, 'Pad', -70],
  [31, 1, 'Fill', -50],
] as const;

const reachBar = (page: Page, bar: number) =>
  page.waitForFunction(
    (wanted) =>
      Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= wanted,
    bar,
    { timeout: 120_000 },
  );

const nameSlot = async (page: Page, slot: number, name: string) => {
  await page.getByRole('button', { name: `More about slot ${slot + 1}` }).click();
  const field = page.getByRole('textbox', { name: `Name of slot ${slot + 1}` });
  await field.fill(name);
  await field.press('Enter');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
};

const turnDown = async (page: Page, slot: number, px: number) => {
  const box = await pad(page, slot).boundingBox();
  if (!box) return;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - px, { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
};

const product = await startProduct(['--device', 'headless', '--bpm', '120']);
const browser = await launchBrowser();
const open = (options: BrowserContextOptions) =>
  openPage(browser, product.url, { deviceScaleFactor: 2, ...options });

const { page } = await open({ viewport: DESKTOP, colorScheme: 'dark' });
/** Closes notes and resets clip lamps first, as a player would. */
const shoot = async (from: Page, name: string) => {
  for (const label of [/^Close this note/, /^CLIP/]) {
    for (const button of await from.getByRole('button', { name: label }).all()) {
      await button.click({ timeout: 1000 }).catch(() => undefined);
    }
  }
  await from.mouse.move(0, 0);
  await from.screenshot({ path: join(folder, `${name}.png`), scale: 'device' });
};
await reachBar(page, 3);
await shoot(page, 'desktop-first');
for (const [slot, [bar, bars, name, px]] of STEPS.entries()) {
  await reachBar(page, bar);
  await page.locator(`[data-zone="${bars}"]`).click();
  await page.locator(`li[data-content="loop"]:has([data-pad="${slot}"])`).waitFor();
  await nameSlot(page, slot, name);
  await turnDown(page, slot, px);
}
await page.getByRole('button', { name: 'M: mute slot 4' }).click();
await page.getByRole('button', { name: '4 bars', exact: true }).click();
await page.mouse.move(0, 0);
await reachBar(page, 34);
await shoot(page, 'desktop-dark');
await page.getByRole('button', { name: 'More about slot 3' }).click();
await page.getByRole('textbox', { name: 'Name of slot 3' }).waitFor();
await page.waitForTimeout(500);
await shoot(page, 'desktop-slot');

for (const [name, options] of [
  ['desktop-light', { viewport: DESKTOP, colorScheme: 'light' }],
  ['phone-dark', { viewport: PHONE, hasTouch: true, colorScheme: 'dark' }],
  ['phone-light', { viewport: PHONE, hasTouch: true, colorScheme: 'light' }],
] as const) {
  const { page: other, close } = await open(options);
  await pad(other, 0).and(other.locator('[aria-disabled="false"]')).waitFor();
  await other.waitForTimeout(1500);
  await shoot(other, name);
  await close();
}
await browser.close();
await product.stop();
