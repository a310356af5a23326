/** What tells the engine the time, pressed on the page of the real product. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, type Product, startProduct, until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP, PHONE } from '../support/page-stand.ts';
import { wholeBar } from '../support/whole-bar.ts';

let browser: Browser;
let product: Product;

beforeAll(async () => {
  [browser, product] = await Promise.all([
    launchBrowser(),
    startProduct(['--device', 'headless', '--bpm', '120'], { data: makeFolder() }),
  ]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const state = async (): Promise<AppState> =>
  (await product.json<{ data: AppState }>('/api/state')).data;

const onPage = async (viewport: typeof PHONE, play: (page: Page) => Promise<void>) => {
  const { close, faults, page } = await openPage(browser, product.url, { viewport });
  await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
  await play(page);
  expect(faults).toEqual([]);
  await close();
};

const openTiming = (page: Page) =>
  page.getByRole('button', { name: 'Bar line, latency, metronome' }).click();

test(
  'taps in the header set the tempo of the engine',
  () =>
    onPage(DESKTOP, async (page) => {
      const tap = page.getByRole('button', { name: 'Tap the tempo' });
      const box = await tap.boundingBox();
      if (!box) throw new Error('Tap is not there');
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      for (let beat = 0; beat < 4; beat++) {
        await page.mouse.down();
        await page.mouse.up();
        await page.waitForTimeout(700);
      }
      await until('another tempo', async () => (await state()).transport.bpm !== 120);
      const { bpm } = (await state()).transport;
      expect(bpm).toBeGreaterThan(60);
      expect(bpm).toBeLessThan(95);
    }),
  60_000,
);

/** Figures of the beat as they were shown, one after the other, from now on. */
const noteBeats = (page: Page) =>
  page.evaluate(() => {
    const beat = document.querySelector('[data-position]')?.lastElementChild;
    const shown: string[] = [];
    Object.assign(window, { shown });
    if (!beat) return;
    const note = () => shown.push(beat.textContent ?? '');
    new MutationObserver(note).observe(beat, { childList: true });
  });

test(
  'the one, in the dock, makes the beat of the press the first of a bar',
  () =>
    onPage(DESKTOP, async (page) => {
      await openTiming(page);
      const one = page.getByRole('button', { name: 'The one' });
      await noteBeats(page);
      const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
      await until('a third beat', async () => (await shown()).at(-1) === '3');
      await one.click();
      const from = (await shown()).length;
      await until('two more beats', async () => (await shown()).length >= from + 2);
      // Without the press the fourth beat would have come next.
      expect((await shown()).slice(from - 1, from + 2)).toEqual(['3', '1', '2']);
    }),
  60_000,
);

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'a metronome in standby goes off with the first loop, %s',
  (_, viewport) =>
    onPage(viewport, async (page) => {
      if (viewport === PHONE) {
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('button', { name: 'Off', exact: true }).click();
      } else {
        await page.getByRole('button', { name: 'Metronome', exact: true }).click();
        await openTiming(page);
      }
      const standby = page.getByRole('button', { name: 'Metronome standby' });
      if ((await standby.getAttribute('aria-pressed')) === 'false') await standby.click();
      await until('it clicks, in standby', async () => {
        const { metronome } = (await state()).transport;
        return metronome.on && metronome.standby;
      });
      if (viewport === PHONE) await page.keyboard.press('Escape');
      await wholeBar(page);
      await page.locator('[data-zone="1"]').click();
      await until('the click is off', async () => !(await state()).transport.metronome.on, 20_000);
      const { slots, transport } = await state();
      expect(at(slots, 0).state).toBe('PLAYING');
      expect(transport.metronome.standby).toBe(true);
    }),
  60_000,
);

test(
  'Measure sends its clicks, and says kindly that nothing came back',
  () =>
    onPage(DESKTOP, async (page) => {
      await openTiming(page);
      await page.getByRole('button', { name: 'Measure' }).click();
      await page.getByRole('button', { name: 'Listening…' }).waitFor();
      await page.getByRole('button', { name: 'Measure' }).waitFor({ timeout: 30_000 });
      const dock = await page.getByRole('region', { name: 'Timing' }).innerText();
      expect(dock).toContain('The input did not hear the clicks. The latency stays as it was.');
      expect(dock).toContain('Not measured yet');
      expect((await state()).devices).toMatchObject({ latencyMs: 0, isMeasured: false });
    }),
  60_000,
);
