/** The last ten minutes as graphs: what is drawn of them, and when they are asked for. */
import { describe, expect, test } from 'bun:test';
import type { MetricsHistory } from '../../protocol/messages.ts';
import { METRICS_SECONDS_MAX, SERIES_NAMES } from '../../protocol/metrics.ts';
import {
  GRAPHS,
  graphWords,
  movedOn,
  scaleTop,
  SPAN_SECONDS,
  stretches,
} from '../../web/figures/read-series.ts';
import { at } from '../support/at.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { figuresMessage, LATE_AT } from '../support/fixture/figures.ts';
import { addRack } from '../support/fixture/rack.ts';
import { DESKTOP, makeStands, PHONE } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

describe('what is drawn', () => {
  test('a second of which nothing is known is a hole, not a line through it', () => {
    const lines = stretches([0, 1, null, null, 2, 3], 4);
    expect(lines.map((line) => line.map(({ y }) => y))).toEqual([
      [0, 0.25],
      [0.5, 0.75],
    ]);
  });

  test('the newest second stands at the right, however few are known', () => {
    expect(at(at(stretches([1], 2), 0), 0).x).toBe(1);
    expect(at(at(stretches([1, 1, 1], 2), 0), 0).x).toBeLessThan(1);
  });

  test('the scale ends at 1, 2 or 5 above the highest, and never below its least', () => {
    expect(scaleTop([[0.03, null]], 0.2)).toBeCloseTo(0.2);
    expect(scaleTop([[0.31]], 0.2)).toBeCloseTo(0.5);
    expect(scaleTop([[180], [612]], 100)).toBe(1000);
    expect(scaleTop([[60]], 60)).toBe(100);
  });

  test('they are as long as what is remembered, and every series is recorded', () => {
    expect(SPAN_SECONDS).toBe(METRICS_SECONDS_MAX);
    for (const { series } of GRAPHS) {
      for (const name of series) expect(SERIES_NAMES).toContain(name);
    }
  });

  test('news move what is known on; news that do not reach back to it are refused', () => {
    const told = (newestMs: number, values: (number | null)[]): MetricsHistory => ({
      type: 'METRICS_HISTORY',
      intervalMs: 1000,
      newestMs,
      series: { xruns: values },
    });
    const known = told(10_000, [1, 2, 3]);
    expect(movedOn(known, told(12_010, [3, null, 5]))?.series['xruns']).toEqual([1, 2, 3, null, 5]);
    expect(movedOn(known, told(10_000, [2, 3]))?.series['xruns']).toEqual([1, 2, 3]);
    expect(movedOn(known, told(20_000, [7, 8, 9]))).toBeUndefined();
    expect(movedOn(known, told(9000, [2]))).toBeUndefined();
    const long = told(
      0,
      Array.from({ length: METRICS_SECONDS_MAX }, () => 0),
    );
    expect(movedOn(long, told(1000, [4]))?.series['xruns']).toHaveLength(METRICS_SECONDS_MAX);
  });

  test('in words it is the newest that is known, or that it is not', () => {
    const history = figuresMessage(0) as MetricsHistory;
    const load = at(GRAPHS, 0);
    expect(graphWords(load, history)).toMatch(/^\d+ %$/);
    expect(graphWords(load, undefined)).toBe('not known');
  });
});

describe('the figures', () => {
  test('open from the chip, are asked for while they are seen, and not after', () =>
    desktop(async ({ page, sent, faults }) => {
      expect(sent('GET_METRICS_HISTORY')).toHaveLength(0);
      const chip = page.getByRole('button', { name: /^CPU/ });
      await chip.click();
      await page.getByRole('region', { name: 'Figures' }).waitFor();
      await page.locator('[data-figure="audioLoad"]').filter({ hasText: '%' }).waitFor();
      for (let turn = 0; turn < 500 && sent('GET_METRICS_HISTORY').length < 3; turn += 1) {
        await page.waitForTimeout(10);
      }
      expect(sent('GET_METRICS_HISTORY').length).toBeGreaterThanOrEqual(3);
      expect(sent('GET_METRICS_HISTORY').map(({ seconds }) => (seconds ?? 0) > 60)).toEqual([
        true,
        ...sent('GET_METRICS_HISTORY')
          .slice(1)
          .map(() => false),
      ]);
      await chip.click();
      await page.getByRole('region', { name: 'Figures' }).waitFor({ state: 'detached' });
      const asked = sent('GET_METRICS_HISTORY').length;
      await page.waitForTimeout(2300);
      expect(sent('GET_METRICS_HISTORY').length).toBeLessThanOrEqual(asked + 1);
      expect(faults).toEqual([]);
    }));

  test('a late block is a peak of its graph', () =>
    desktop(async ({ page }) => {
      await page.getByRole('button', { name: /^CPU/ }).click();
      await page.locator('[data-figure="xruns"]').filter({ hasText: '0' }).waitFor();
      const columns = await page
        .locator('li', { has: page.locator('[data-figure="xruns"]') })
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => {
          const { height, width } = canvas;
          const copy = new OffscreenCanvas(width, height).getContext('2d');
          copy?.drawImage(canvas, 0, 0);
          const { data } = copy?.getImageData(0, 0, width, height / 2) ?? { data: [] };
          const found = new Set<number>();
          for (let word = 3; word < data.length; word += 4) {
            // The upper half, without the faint lines of the minutes.
            if ((data[word] ?? 0) > 150) found.add(((word - 3) / 4) % width);
          }
          return [...found].map((x) => x / width);
        });
      expect(columns.length).toBeGreaterThan(0);
      for (const x of columns)
        expect(Math.abs(x - LATE_AT / METRICS_SECONDS_MAX)).toBeLessThan(0.02);
    }));

  test('the plug-ins that cost most are named, and by the chip when the load is high', () =>
    desktop(async ({ page, fixture }) => {
      fixture.change(addRack);
      const chip = page.locator('header button[title*="Figures"]');
      await chip.click();
      const cost = page.locator('[data-cost]');
      await cost.getByText('Bellfry and Long Rack cost most: 11 % of a core.').waitFor();
      expect(await chip.getAttribute('title')).not.toContain('Bellfry');
      fixture.change((draft) => {
        draft.system.audioLoad = 0.92;
        for (const host of Object.values(draft.hosts))
          host.load = host.name === 'Valley Audio' ? 0.6 : 0.1;
      });
      await cost.getByText('Tape Echo and Ashen Plate cost most: 60 % of a core.').waitFor();
      await page.waitForFunction(() =>
        document.querySelector('header button[title*="Tape Echo and Ashen Plate"]'),
      );
    }));

  test.each(['dark', 'light'] as const)('axe finds nothing, %s', (colorScheme) =>
    withPage(
      'full',
      { viewport: DESKTOP, colorScheme, reducedMotion: 'reduce' },
      async ({ page }) => {
        await page.getByRole('button', { name: /^CPU/ }).click();
        await page.locator('[data-figure="audioLoad"]').filter({ hasText: '%' }).waitFor();
        expect(await axe(page)).toEqual([]);
      },
    ),
  );

  test('on the phone they are reached over More', () =>
    withPage('full', { viewport: PHONE, hasTouch: true }, async ({ page }) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Figures', exact: true }).click();
      await page.locator('[data-figure="audioLoad"]').filter({ hasText: '%' }).waitFor();
      expect(await axe(page)).toEqual([]);
      expect(await smallestPx(page.getByRole('dialog').getByRole('button'))).toBeGreaterThanOrEqual(
        44,
      );
    }));
});
