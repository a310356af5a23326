/** A page with the pads open, as a player opens them. */
import { expect } from 'bun:test';
import type { BrowserContextOptions } from 'playwright-core';
import { addRack } from './fixture/rack.ts';
import { makeStands, PHONE, type Stand } from './page-stand.ts';

/** For the tests of one file. */
export const makePlaying = () => {
  const { withPage } = makeStands();
  return (
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
};

/** Gives one axis of the XY pad its parameter. */
export const choose = async ({ page }: Stand, axis: 'x' | 'y', words: string, title: string) => {
  await page.locator(`[data-axis="${axis}"]`).click();
  await page.getByRole('searchbox', { name: 'Search parameters' }).fill(words);
  await page.locator('[data-found]').filter({ hasText: title }).first().click();
  await page.locator(`[data-axis="${axis}"]`).filter({ hasText: title }).waitFor();
};
