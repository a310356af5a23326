/** Tempo, bar line, inputs, latency and standby, before a stand-in of the gateway. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { DESKTOP, makeStands, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();

test('each tap, and the one, carries its own time, by finger and by key; clicks are asked for once', () =>
  withPage('full', { viewport: PHONE }, async ({ faults, page, sent }) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'More' });
    const tap = sheet.getByRole('button', { name: 'Tap' });
    await tap.click();
    await tap.click();
    await tap.press('Enter');
    await sheet.getByRole('button', { name: 'The one' }).click();
    await sheet.getByRole('button', { name: 'Measure' }).click();
    await sheet.getByRole('button', { name: 'Measure' }).waitFor();
    const times = sent('TAP_TEMPO').map(({ at }) => at ?? 0);
    expect(times).toHaveLength(3);
    expect([...times].toSorted((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBe(3);
    const [one] = sent('ALIGN_GRID');
    expect(sent('ALIGN_GRID')).toHaveLength(1);
    expect(one?.at ?? 0).toBeGreaterThan(times[2] ?? 0);
    expect(sent('CALIBRATE_LATENCY')).toHaveLength(1);
    expect(faults).toEqual([]);
  }));

const TIMING = 'Bar line, latency, metronome';

test('on a wide page Tap stands in the header, by finger and by key; the rest is docked', () =>
  withPage('full', { viewport: DESKTOP }, async ({ faults, page, sent }) => {
    const tap = page.getByRole('button', { name: 'Tap the tempo' });
    await tap.click();
    await page.keyboard.press('t');
    await tap.press('Enter');
    await page.getByRole('button', { name: TIMING }).click();
    const dock = page.getByRole('region', { name: 'Timing' });
    await dock.getByRole('button', { name: 'The one' }).click();
    await dock.getByRole('button', { name: 'Measure' }).click();
    await dock.getByRole('button', { name: 'Measure' }).waitFor();
    expect(sent('TAP_TEMPO').filter(({ at }) => at !== undefined)).toHaveLength(3);
    expect(sent('ALIGN_GRID')).toHaveLength(1);
    expect(sent('CALIBRATE_LATENCY')).toHaveLength(1);
    expect(await page.getByRole('region', { name: 'History' }).count()).toBe(0);
    await page.getByRole('button', { name: TIMING }).press('Enter');
    await page.getByRole('region', { name: 'History' }).waitFor();
    expect(faults).toEqual([]);
  }));

const PLACES = [
  ['desktop', DESKTOP, TIMING],
  ['phone', PHONE, 'More'],
] as const;

test.each(PLACES)('standby keeps the metronome as it is, %s', (_, viewport, name) =>
  withPage('full', { viewport }, async ({ fixture, page, sent }) => {
    fixture.change(({ transport }) => {
      transport.metronome = { on: true, gainDb: -6, standby: false };
    });
    await page.getByRole('button', { name, exact: true }).click();
    const standby = page.getByRole('button', { name: 'Metronome standby' });
    await standby.click();
    await standby.and(page.locator('[aria-pressed="true"]')).waitFor();
    await standby.click();
    await standby.and(page.locator('[aria-pressed="false"]')).waitFor();
    const asked = sent('SET_METRONOME').map(({ on, standby: is }) => [on, is]);
    expect(asked).toEqual([
      [true, true],
      [true, false],
    ]);
  }),
);

test.each(PLACES)('Measure tells what was heard, and what was not, %s', (_, viewport, opener) =>
  withPage('full', { viewport }, async ({ faults, fixture, page }) => {
    await page.getByRole('button', { name: opener, exact: true }).click();
    const measure = page.getByRole('button', { name: 'Measure' });
    const failed = page.getByText('The input did not hear the clicks.');
    await page.getByText('Not measured yet', { exact: true }).waitFor();
    await measure.click();
    await failed.waitFor();
    expect(await failed.innerText()).toContain('The latency stays as it was.');
    expect(await page.getByText('Not measured yet', { exact: true }).count()).toBe(1);
    expect(await page.getByText('heard by clicks').count()).toBe(0);
    fixture.change(({ devices }) => {
      Object.assign(devices, { kind: 'jack', latencyMs: 5.25 });
    });
    await page.getByText('Not measured yet; the device says 5.3 ms').waitFor();
    await measure.click();
    await page.getByText('8.4 ms, heard by clicks').waitFor();
    await failed.waitFor({ state: 'detached' });
    fixture.change(({ devices }) => {
      devices.kind = 'headless';
    });
    await measure.click();
    await failed.waitFor();
    expect(await page.getByText('8.4 ms, heard by clicks').count()).toBe(1);
    // It is said in the sheet, not beside it as well.
    expect(await page.getByRole('list', { name: 'Notes' }).innerText()).toBe('');
    expect(faults).toEqual([]);
  }),
);

test.each(PLACES)('each pair of several is switched by a press, %s', (_, viewport, opener) =>
  withPage('full', { viewport }, async ({ faults, fixture, page, sent }) => {
    await page.getByRole('button', { name: opener, exact: true }).click();
    // A single pair is no choice.
    expect(await page.getByRole('button', { name: /^Input \d/ }).count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Inputs' }).count()).toBe(0);
    fixture.change((draft) => {
      draft.sources = ['Input', 'Input 1–2', 'Input 3–4'].map((name, index) => ({
        name,
        gainDb: 0,
        monitor: index === 1,
      }));
    });
    const inputs = page.getByRole('region', { name: 'Inputs' });
    await inputs.getByRole('heading', { name: 'Inputs' }).waitFor();
    await inputs.getByRole('button', { name: 'Input 1–2', pressed: true }).waitFor();
    await inputs.getByRole('button', { name: 'Input 3–4', pressed: false }).click();
    await page.getByRole('button', { name: 'Input 3–4', pressed: true }).waitFor();
    expect(sent('SET_INPUT')).toMatchObject([{ source: 2, monitor: true }]);
    expect(faults).toEqual([]);
  }),
);

test.each(PLACES)('the trim goes by 1 and 10 ms, up to its bound, %s', (_, viewport, opener) =>
  withPage('full', { viewport }, async ({ faults, fixture, page, sent }) => {
    await page.getByRole('button', { name: opener, exact: true }).click();
    const steps = page.getByRole('group', { name: 'Trim of the latency' });
    const earlier = steps.getByRole('button', { name: '+1 ms: new loops earlier' });
    // Two at once: the second counts from the first, whose answer may still be on its way.
    await earlier.dblclick();
    await page.getByText('Trim +2 ms').waitFor();
    await steps.getByRole('button', { name: '−10 ms: new loops later' }).click();
    await page.getByText('Trim −8 ms').waitFor();
    expect(sent('SET_LATENCY_TRIM').map(({ trimMs }) => trimMs)).toEqual([1, 2, -8]);
    fixture.change(({ devices }) => {
      devices.trimMs = 95;
    });
    await page.getByText('Trim +95 ms').waitFor();
    await steps.getByRole('button', { name: '+10 ms: new loops earlier' }).click();
    await earlier.and(page.locator(':disabled')).waitFor();
    await until('the bound', () => sent('SET_LATENCY_TRIM').at(-1)?.trimMs === 100);
    for (const button of await steps.getByRole('button').all()) {
      const box = await button.boundingBox();
      expect([(box?.width ?? 0) >= 44, (box?.height ?? 0) >= 44]).toEqual([true, true]);
    }
    expect(faults).toEqual([]);
  }),
);
