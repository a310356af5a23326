/** The mixer before a stand-in of the gateway: every loop's level, pan, mute and solo in one view. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { at } from '../support/at.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();
const STILL = { reducedMotion: 'reduce' } as const;

const openMixer = async (page: Page) => {
  await page.getByRole('button', { name: 'Mix', exact: true }).click();
  await page.locator('[data-channel="0"] [data-fader]').waitFor();
};

const mixer = (run: (stand: Stand) => Promise<void>) =>
  desktop(async (stand) => {
    await openMixer(stand.page);
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

/** Waits until `count` is at least that. */
const arrived = async (page: Page, count: () => number, least: number) => {
  for (let turn = 0; turn < 500 && count() < least; turn += 1) await page.waitForTimeout(10);
  expect(count()).toBeGreaterThanOrEqual(least);
};

const lane = (page: Page, slot: number) => page.locator(`[data-channel="${slot}"] [data-fader]`);

/** The height of what is painted in the slot's own colour, device pixels. */
const litPx = (page: Page, slot: number) =>
  page
    .locator(`[data-channel="${slot}"] [data-fader] canvas`)
    .evaluate((canvas: HTMLCanvasElement) => {
      const { height, width } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d', {
        willReadFrequently: true,
      });
      copy?.drawImage(canvas, 0, 0);
      const { data } = copy?.getImageData(0, 0, width, height) ?? { data: [] };
      let lit = 0;
      for (let y = 0; y < height; y += 1) {
        const pixel = (y * width + (width >> 1)) * 4;
        const colours = [data[pixel] ?? 0, data[pixel + 1] ?? 0, data[pixel + 2] ?? 0];
        if (Math.max(...colours) - Math.min(...colours) > 60 && (data[pixel + 3] ?? 0) > 100)
          lit += 1;
      }
      return lit;
    });

describe('the mixer', () => {
  test('stands in place of the slots, and captures go on under it', () =>
    mixer(async ({ page, sent }) => {
      expect(await page.locator('[data-pad]').count()).toBe(0);
      await page.locator('[data-zone="2"]').click();
      await arrived(page, () => sent('TRIGGER_SLOT').length, 1);
      await page.keyboard.press('3');
      await arrived(page, () => sent('TRIGGER_SLOT').length, 2);
      expect(sent('TRIGGER_SLOT')).toMatchObject([{ slot: 'auto', bars: 2 }, { slot: 2 }]);
      await page.keyboard.press('p');
      await page.locator('[data-pad="0"]').waitFor();
      expect(await page.locator('[data-channel]').count()).toBe(0);
    }));

  test('a fader moves from where it stands, and what comes last is answered', () =>
    mixer(async ({ page, fixture, sent }) => {
      const before = at(fixture.state().slots, 1).volume;
      const box = await lane(page, 1).boundingBox();
      if (!box) throw new Error('no lane');
      const [x, y] = [box.x + box.width / 2, box.y + box.height - 4];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.up();
      await arrived(page, () => sent('SET_VOL').length, 1);
      expect(at(sent('SET_VOL'), 0).val).toBeCloseTo(before, 2);
      await page.waitForTimeout(400);
      await page.mouse.down();
      await page.mouse.move(x, y - box.height / 10, { steps: 8 });
      await page.mouse.up();
      await arrived(page, () => sent('SET_VOL').filter(({ reqId }) => reqId).length, 2);
      const last = sent('SET_VOL').at(-1)?.val ?? 0;
      expect(last).toBeGreaterThan(before);
      expect(at(fixture.state().slots, 1).volume).toBe(last);
    }));

  test('two taps set a fader to 0 dB, keys move it by half a decibel and by a tenth', () =>
    mixer(async ({ page, fixture, sent }) => {
      await lane(page, 2).dblclick();
      await arrived(page, () => sent('SET_VOL').filter(({ val }) => val === 1).length, 1);
      const volumeDb = () => 20 * Math.log10(at(fixture.state().slots, 2).volume);
      await page.getByRole('slider', { name: 'Volume of slot 3' }).focus();
      const count = sent('SET_VOL').length;
      await page.keyboard.press('ArrowDown');
      await arrived(page, () => sent('SET_VOL').length, count + 1);
      expect(volumeDb()).toBeCloseTo(-0.5, 3);
      await page.keyboard.press('Shift+ArrowDown');
      await arrived(page, () => sent('SET_VOL').length, count + 2);
      expect(volumeDb()).toBeCloseTo(-0.6, 3);
    }));

  test('M, S, pan and monitor are one press each', () =>
    mixer(async ({ page, fixture, sent }) => {
      await page.getByRole('button', { name: 'M: mute slot 2' }).click();
      await page.getByRole('button', { name: 'S: solo slot 3' }).click();
      await arrived(page, () => sent('SOLO_SLOT').length, 1);
      expect(sent('MUTE_SLOT')).toMatchObject([{ slot: 1, muted: true }]);
      expect(sent('SOLO_SLOT')).toMatchObject([{ slot: 2, soloed: true }]);
      await page.locator('[data-channel="0"][data-look="bySolo"]').waitFor();
      await page.getByRole('slider', { name: 'Pan of slot 1' }).focus();
      await page.keyboard.press('Home');
      await arrived(page, () => sent('SET_PAN').filter(({ reqId }) => reqId).length, 1);
      expect(at(fixture.state().slots, 0).pan).toBe(-1);
      await page.getByRole('button', { name: 'Monitor' }).click();
      await arrived(page, () => sent('SET_INPUT').length, 1);
      expect(sent('SET_INPUT')).toMatchObject([{ source: 0, monitor: false }]);
    }));

  test('a meter shows what its loop gives, and falls when no frames come', () =>
    mixer(async ({ page, fixture }) => {
      await page.waitForFunction(
        () => document.querySelector('[data-channel="1"] canvas') !== null,
      );
      let loud = 0;
      for (let turn = 0; turn < 300 && loud < 20; turn += 1) loud = await litPx(page, 1);
      expect(loud).toBeGreaterThanOrEqual(20);
      expect(await litPx(page, 3)).toBe(0);
      fixture.held.hasFrames = false;
      for (let turn = 0; turn < 1000 && (await litPx(page, 1)) > 0; turn += 1) {
        await page.waitForTimeout(10);
      }
      expect(await litPx(page, 1)).toBe(0);
    }));

  test('the head of a channel opens its slot beside it, and the steps are still read whole', () =>
    mixer(async ({ page }) => {
      await page.getByRole('button', { name: /^Rhodes 3, playing/ }).click();
      await page.getByRole('textbox', { name: 'Name of slot 3' }).waitFor();
      expect(await page.locator('[data-channel]').count()).toBe(8);
      const cut = await page
        .locator('nav [data-do]')
        .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
      expect(cut).toBe(0);
    }));
});

describe('what a paint of the mixer costs', () => {
  /** Paints of each channel since, until one of them has had that many more. */
  const paintsWhile = (page: Page, moving: number) =>
    page.evaluate(
      (channel) =>
        new Promise<Record<string, number>>((done) => {
          const counts: Record<string, number> = {};
          const { clearRect } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.clearRect = function clear(...box) {
            const { channel: of } =
              this.canvas.closest<HTMLElement>('[data-channel]')?.dataset ?? {};
            if (of !== undefined) counts[of] = (counts[of] ?? 0) + 1;
            clearRect.apply(this, box);
            if ((counts[channel] ?? 0) < 60) return;
            CanvasRenderingContext2D.prototype.clearRect = clearRect;
            done(counts);
          };
        }),
      moving,
    );

  test('only channels in sight are painted, and of an empty one nothing again', () =>
    withPage('full', { viewport: PHONE, ...STILL }, async ({ page, fixture, faults }) => {
      fixture.change((draft) => {
        const [loop] = draft.slots;
        if (!loop) return;
        for (let n = draft.slots.length; n < 24; n += 1)
          draft.slots.push({ ...loop, id: `more-${n}`, pluginChain: [] });
      });
      await openMixer(page);
      await page.locator('[data-channel="23"]').waitFor({ state: 'attached' });
      const inSight = (channel: number) =>
        page.locator(`[data-channel="${channel}"]`).scrollIntoViewIfNeeded();
      await inSight(7);
      await paintsWhile(page, 0);
      const above = await paintsWhile(page, 0);
      expect(above['7'] ?? 0).toBe(0);
      expect(above['23'] ?? 0).toBe(0);
      await inSight(23);
      await paintsWhile(page, 23);
      const below = await paintsWhile(page, 23);
      expect(below['0'] ?? 0).toBe(0);
      expect(faults).toEqual([]);
    }));
});

describe('access to the mixer', () => {
  test.each(['dark', 'light'] as const)('axe finds nothing, %s', (colorScheme) =>
    withPage('states', { viewport: DESKTOP, colorScheme, ...STILL }, async ({ page }) => {
      await openMixer(page);
      expect(await axe(page)).toEqual([]);
    }),
  );

  test('on the phone faders lie, axe finds nothing, and all that is pressed is 44 px', () =>
    withPage('full', { viewport: PHONE, hasTouch: true, ...STILL }, async ({ page }) => {
      await openMixer(page);
      expect(await axe(page)).toEqual([]);
      const desk = page.getByRole('region', { name: 'Mixer' });
      expect(
        await smallestPx(desk.locator('button:visible, [data-fader]:visible')),
      ).toBeGreaterThanOrEqual(43.9);
      const box = await lane(page, 0).boundingBox();
      expect(box?.width ?? 0).toBeGreaterThan(box?.height ?? Infinity);
    }));

  test.each([
    [1440, 900],
    [1180, 820],
    [820, 1180],
    [844, 390],
    [390, 664],
    [320, 568],
  ] as const)('%i × %i: nothing stands out of the window', (width, height) =>
    withPage('full', { viewport: { width, height } }, async ({ page }) => {
      if (width > 350) await openMixer(page);
      else {
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Mixer' }).click();
        await page.locator('[data-channel="0"] [data-fader]').waitFor();
      }
      const out = await page.evaluate(() => {
        const root = document.documentElement;
        const wide = [...document.querySelectorAll('button')].filter((button) => {
          const { left, right } = button.getBoundingClientRect();
          return button.checkVisibility() && (left < 0 || right > innerWidth);
        });
        // Words that run over their own button are cut or painted on its neighbour.
        const over = [...document.querySelectorAll('nav button')].filter(
          (button) => button.checkVisibility() && button.scrollWidth > button.clientWidth + 1,
        );
        return {
          hasScroll: root.scrollWidth > innerWidth || root.scrollHeight > innerHeight,
          wide: wide.map((one) => one.textContent),
          over: over.map((one) => one.textContent),
        };
      });
      expect(out).toEqual({ hasScroll: false, wide: [], over: [] });
    }),
  );
});
