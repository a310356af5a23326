/** Pads, keys and the XY pad before a stand-in of the gateway: fingers, scales, and what lets go. */
import { describe, expect, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { addRack, instanceId } from '../support/fixture/rack.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';
import { makeFingers } from '../support/touch.ts';

const { withPage } = makeStands();

const playing = (
  run: (stand: Stand) => Promise<void>,
  options: BrowserContextOptions = { viewport: PHONE, hasTouch: true },
) =>
  withPage('full', { reducedMotion: 'reduce', ...options }, async (stand) => {
    stand.fixture.change(addRack);
    await stand.page.locator('[data-view="play"]').click();
    await stand.page.locator('[data-note]').first().waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const notes = ({ sent }: Stand) =>
  sent('NOTE').map(({ note, on }) => `${on ? 'on' : 'off'} ${note}`);

/** Each that began has ended, once. */
const sounding = (stand: Stand) =>
  stand.sent('NOTE').reduce((held, { note, on }) => {
    expect(held.has(note)).toBe(!on);
    if (on) held.add(note);
    else held.delete(note);
    return held;
  }, new Set<number>());

const pads = ({ page }: Stand) => page.locator('[data-note]');

describe('pads', () => {
  test('are in the scale that is chosen, and this device keeps it', () =>
    playing(async (stand) => {
      const { page } = stand;
      const shown = () =>
        pads(stand).evaluateAll((all) => all.map((one) => Number(one.dataset['note'])));
      expect((await shown()).slice(-4)).toEqual([48, 50, 51, 53]);
      await page.getByLabel('Root of the scale').selectOption({ label: 'D' });
      await page.getByLabel('Scale', { exact: true }).selectOption('major pentatonic');
      expect((await shown()).slice(-4)).toEqual([50, 52, 54, 57]);
      await page.getByRole('button', { name: 'An octave higher' }).click();
      expect((await shown()).slice(-4)).toEqual([62, 64, 66, 69]);
      expect(await page.locator('[data-root="true"]').count()).toBeGreaterThan(1);
      await page.reload();
      await page.locator('[data-view="play"]').click();
      await pads(stand).first().waitFor();
      expect((await shown()).slice(-4)).toEqual([50, 52, 54, 57]);
    }));

  test('are played by several fingers, each its note, louder the lower, with the time of the finger', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await stand.page.waitForTimeout(1200);
      const before = stand.fixture.serverMs();
      await fingers.on(pads(stand).nth(12), 'pointerdown', 5, { x: 0.5, y: 0.1 });
      await fingers.on(pads(stand).nth(14), 'pointerdown', 6, { x: 0.5, y: 0.95 });
      await until('two', () => notes(stand).length === 2);
      const after = stand.fixture.serverMs();
      const [soft, hard] = [at(stand.sent('NOTE'), 0), at(stand.sent('NOTE'), 1)];
      expect([soft.note, hard.note]).toEqual([48, 51]);
      expect(soft.instanceId).toBe(instanceId(4));
      expect(hard.velocity - soft.velocity).toBeGreaterThan(0.4);
      for (const { at: pressedMs } of [soft, hard]) {
        expect(pressedMs).toBeGreaterThan(before - 50);
        expect(pressedMs).toBeLessThan(after + 50);
      }
      await fingers.on(pads(stand).nth(14), 'pointerup', 6);
      await fingers.on(pads(stand).nth(12), 'pointercancel', 5);
      await until('let go', () => sounding(stand).size === 0);
      expect(notes(stand)).toEqual(['on 48', 'on 51', 'off 51', 'off 48']);
    }));

  test('let go when the finger glides off, and play where it glides to', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await fingers.on(pads(stand).nth(12), 'pointerdown', 5);
      await fingers.on(stand.page.locator('[data-do="undo"]'), 'pointermove', 5);
      await until('off', () => notes(stand).length === 2);
      expect(notes(stand)).toEqual(['on 48', 'off 48']);
      await fingers.on(pads(stand).nth(13), 'pointermove', 5);
      await fingers.on(pads(stand).nth(13), 'pointerup', 5);
      await until('and on', () => notes(stand).length === 4);
      expect(notes(stand).slice(2)).toEqual(['on 50', 'off 50']);
      expect(stand.sent('UNDO')).toEqual([]);
    }));

  test.each([
    [
      'the page is hidden',
      (page: Page) =>
        page.evaluate(() => {
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }),
    ],
    ['the page goes', (page: Page) => page.evaluate(() => dispatchEvent(new Event('pagehide')))],
    ['the loops are shown', (page: Page) => page.locator('[data-view="play"]').click()],
    ['keys are shown', (page: Page) => page.getByRole('button', { name: 'Keys' }).focus()],
  ] as const)('let go of everything when %s', (why, end) =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await pads(stand).nth(15).focus();
      await stand.page.keyboard.down('Enter');
      if (!why.startsWith('keys')) await fingers.on(pads(stand).nth(12), 'pointerdown', 5);
      await until('sounding', () => sounding(stand).has(53));
      await end(stand.page);
      await until('let go', () => sounding(stand).size === 0);
    }),
  );

  test('and keys are one choice, kept too; the letters play both', () =>
    playing(
      async (stand) => {
        const { page } = stand;
        await page.getByRole('button', { name: 'Keys', exact: true }).click();
        await page.locator('[data-note="61"]').waitFor();
        await page.keyboard.press('s');
        await until('a note', () => notes(stand).length === 2);
        expect(notes(stand)).toEqual(['on 61', 'off 61']);
        await page.keyboard.press('i');
        await page.locator('[data-note]').first().waitFor({ state: 'detached' });
        await page.keyboard.press('i');
        await page.locator('[data-note="61"]').waitFor();
      },
      { viewport: DESKTOP },
    ));

  test('the loops stay in reach: a tap on one captures there', () =>
    playing(async (stand) => {
      await stand.page.locator('[data-pad="7"]').click();
      await until('a capture', () => stand.sent('TRIGGER_SLOT').length === 1);
      expect(stand.sent('TRIGGER_SLOT')).toMatchObject([{ slot: 7, bars: 4 }]);
    }));

  test('of an input that nobody hears say so, with the way to hear it', () =>
    playing(async (stand) => {
      const { fixture, page, sent } = stand;
      const setMonitor = (monitor: boolean) =>
        fixture.change(({ sources }) => Object.assign(at(sources, 0), { monitor }));
      setMonitor(false);
      await page.getByRole('button', { name: 'Hear it' }).click();
      await until('asked', () => sent('SET_INPUT').length === 1);
      expect(sent('SET_INPUT')).toMatchObject([{ source: 0, monitor: true }]);
      await page.getByRole('button', { name: 'Hear it' }).waitFor({ state: 'detached' });
    }));

  test('without an instrument it is said, with the way to one', () =>
    playing(async ({ fixture, page }) => {
      fixture.change(({ inputChain, plugins }) => {
        inputChain.splice(0, 1);
        delete plugins[instanceId(4)];
      });
      await page.getByText('No instrument is loaded yet.').waitFor();
      await page.getByRole('button', { name: 'Add an instrument' }).click();
      await page.getByRole('searchbox', { name: 'Search plug-ins' }).waitFor();
    }));
});

const choose = async ({ page }: Stand, axis: 'x' | 'y', words: string, title: string) => {
  await page.locator(`[data-axis="${axis}"]`).click();
  await page.getByRole('searchbox', { name: 'Search parameters' }).fill(words);
  await page.locator('[data-found]').filter({ hasText: title }).first().click();
  await page.locator(`[data-axis="${axis}"]`).filter({ hasText: title }).waitFor();
};

/** What ended a move, Across before Up as these tests choose them. */
const ends = ({ sent }: Stand) =>
  sent('SET_PARAM')
    .filter(({ reqId }) => reqId)
    .toSorted((a, b) => a.paramId - b.paramId);

const surface = ({ page }: Stand) => page.locator('[data-xy]');

describe('the XY pad', () => {
  test('moves any two parameters, which are found by their words and kept', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await choose(stand, 'x', 'tape drive', 'Drive');
      await choose(stand, 'y', 'bellfry spread', 'Spread');
      await fingers.on(surface(stand), 'pointerdown', 9, { x: 0.25, y: 0.5 });
      await fingers.on(surface(stand), 'pointermove', 9, { x: 0.75, y: 0.4 });
      await fingers.on(surface(stand), 'pointerup', 9, { x: 0.75, y: 0.4 });
      await until('both', () => ends(stand).length === 2);
      const [x, y] = [at(ends(stand), 0), at(ends(stand), 1)];
      expect(x).toMatchObject({ instanceId: instanceId(1), paramId: 2 });
      expect(x.val).toBeCloseTo(0.75, 1);
      expect(y).toMatchObject({ instanceId: instanceId(4), paramId: 4 });
      expect(y.val).toBeCloseTo(0.6, 1);
      await stand.page.reload();
      await stand.page.locator('[data-view="play"]').click();
      await stand.page.locator('[data-axis="x"]').filter({ hasText: 'Drive' }).waitFor();
    }));

  test('sends thirty values a second at most, and the last one always', () =>
    playing(async (stand) => {
      await choose(stand, 'x', 'tape drive', 'Drive');
      await choose(stand, 'y', 'tape flutter', 'Flutter');
      const took = await stand.page.evaluate(async () => {
        const pad = document.querySelector('[data-xy]');
        if (!pad) return 0;
        pad.setPointerCapture = () => undefined;
        const { height, left, top, width } = pad.getBoundingClientRect();
        const touch = (type: string, share: number) =>
          pad.dispatchEvent(
            new PointerEvent(type, {
              bubbles: true,
              button: 0,
              pointerId: 9,
              clientX: left + width * share,
              clientY: top + height * share,
            }),
          );
        const from = performance.now();
        touch('pointerdown', 0.1);
        for (let step = 0; step < 200; step++) {
          touch('pointermove', 0.1 + step * 0.004);
          if (step % 20 === 0) await new Promise(requestAnimationFrame);
        }
        touch('pointerup', 0.9);
        return performance.now() - from;
      });
      await until('both ends', () => ends(stand).length === 2);
      expect(stand.sent('SET_PARAM').length).toBeLessThanOrEqual(Math.ceil(took / 33) + 4);
      expect(at(ends(stand), 0).val).toBeCloseTo(0.896, 1);
      expect(at(ends(stand), 1).val).toBeCloseTo(0.104, 1);
    }));

  test('without Hold goes back to where it was', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await choose(stand, 'x', 'tape drive', 'Drive');
      await stand.page.getByRole('button', { name: 'Hold', exact: true }).click();
      await fingers.on(surface(stand), 'pointerdown', 9, { x: 0.2, y: 0.5 });
      await fingers.on(surface(stand), 'pointerup', 9, { x: 0.2, y: 0.5 });
      await until('the end', () => stand.sent('SET_PARAM').some(({ reqId }) => reqId));
      expect(stand.sent('SET_PARAM').at(-1)?.val).toBeCloseTo(0.74, 5);
    }));

  test('is moved by arrows too', () =>
    playing(async (stand) => {
      await choose(stand, 'x', 'tape drive', 'Drive');
      await stand.page.getByRole('slider', { name: 'Across: Drive' }).focus();
      await stand.page.keyboard.press('ArrowRight');
      await until('a value', () => stand.sent('SET_PARAM').some(({ reqId }) => reqId));
      expect(stand.sent('SET_PARAM').at(-1)?.val).toBeCloseTo(0.76, 5);
    }));
});

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
