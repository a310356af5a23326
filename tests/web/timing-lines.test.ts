/** Tapping the tempo and measuring the latency, before a stand-in of the gateway. */
import { expect, test } from 'bun:test';
import { makeStands, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();

test('each tap carries its own time, by finger and by key, and the clicks are asked for once', () =>
  withPage('full', { viewport: PHONE }, async ({ faults, page, sent }) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const sheet = page.getByRole('dialog', { name: 'More' });
    const tap = sheet.getByRole('button', { name: 'Tap' });
    await tap.click();
    await tap.click();
    await tap.press('Enter');
    await sheet.getByRole('button', { name: 'Measure' }).click();
    await sheet.getByRole('button', { name: 'Measure' }).waitFor();
    const times = sent('TAP_TEMPO').map(({ at }) => at ?? 0);
    expect(times).toHaveLength(3);
    expect([...times].toSorted((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBe(3);
    expect(sent('CALIBRATE_LATENCY')).toHaveLength(1);
    expect(faults).toEqual([]);
  }));
