/** Tapping the tempo and measuring the latency, before a stand-in of the gateway. */
import { expect, test } from 'bun:test';
import { makeStands, PHONE } from '../support/page-stand.ts';

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
