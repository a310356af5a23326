/** Safe Mode on the page, before a stand-in of the gateway: why, suspects, and the way out. */
import { describe, expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { axe, smallestPx } from '../support/axe.ts';
import { DESKTOP, makeStands, pad, PHONE, type Stand } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

const SAFE = {
  step: 1,
  reason: 'The engine stopped three times within a minute.',
  suspects: ['the audio device (jack)'],
  sinceMs: 0,
};

const enter = ({ fixture }: Stand) =>
  fixture.change((state) => {
    Object.assign(state.meta, { mode: 'SAFE', safe: SAFE });
  });

const bar = ({ page }: Stand) => page.getByRole('region', { name: 'Safe Mode' });

test('it is said with its reason and its suspects, can be left, and goes when it is over', () =>
  desktop(async (stand) => {
    const { fixture, page, sent } = stand;
    enter(stand);
    await bar(stand).waitFor();
    const words = await bar(stand).innerText();
    expect(words).toContain('three times within a minute. It was about the audio device (jack).');
    expect(words).toContain('Plug-ins are off. All your music is there.');
    await bar(stand).getByRole('button', { name: 'Leave' }).click();
    await until('it was left', () => sent('LEAVE_SAFE_MODE').length === 1);
    await bar(stand).getByRole('button', { name: 'Close' }).click();
    await bar(stand).waitFor({ state: 'detached' });

    // The bar is gone; the sheet has the way out all the same.
    await page.locator('[aria-label="Bar line, latency, metronome"]').click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await until('it was left again', () => sent('LEAVE_SAFE_MODE').length === 2);
    fixture.change((state) => {
      Object.assign(state.meta, { mode: 'NORMAL', safe: null });
    });
    await page.getByRole('button', { name: 'Leave' }).waitFor({ state: 'detached' });
  }));

test('closed, it comes again with another reason', () =>
  desktop(async (stand) => {
    enter(stand);
    await bar(stand).getByRole('button', { name: 'Close' }).click();
    await bar(stand).waitFor({ state: 'detached' });
    stand.fixture.change((state) => {
      if (state.meta.safe) state.meta.safe.reason = 'It was asked for.';
    });
    await bar(stand).getByText('It was asked for.').waitFor();
  }));

describe('the stage', () => {
  for (const [name, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
    ['lower phone', { width: 390, height: 664 }],
    ['small phone', { width: 320, height: 568 }],
  ] as const) {
    test(`${name}: nothing is pushed out of sight, and captures work`, () =>
      withPage('full', { viewport, reducedMotion: 'reduce' }, async (stand) => {
        const { page, sent } = stand;
        enter(stand);
        const box = await bar(stand).boundingBox();
        const isLow = viewport.height <= 600;
        await page.waitForFunction(
          ([height, low]) => {
            const top = document.querySelector('header')?.getBoundingClientRect().top ?? -1;
            const { scrollHeight, scrollWidth } = document.documentElement;
            const isInside = scrollHeight <= innerHeight && scrollWidth <= innerWidth;
            return isInside && (low === true || top >= Number(height));
          },
          [box?.height, isLow] as const,
        );
        expect(await smallestPx(bar(stand).getByRole('button'))).toBeGreaterThanOrEqual(32);
        const words = bar(stand).getByRole('status');
        expect(await words.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
        expect(await axe(page)).toEqual([]);
        await pad(page, 1).click();
        await until('captured', () => sent('TRIGGER_SLOT').length === 1);
      }));
  }
});
