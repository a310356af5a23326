/** A page with one of the stand-in's plug-ins open, as a player opens it. */
import { expect } from 'bun:test';
import { addRack } from './fixture/rack.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from './page-stand.ts';

/** For the tests of one file. */
export const makeOpened = () => {
  const { withPage } = makeStands();
  return (name: string, run: (stand: Stand) => Promise<void>, viewport: typeof PHONE = DESKTOP) =>
    withPage('full', { viewport, reducedMotion: 'reduce', hasTouch: true }, async (stand) => {
      const { fixture, page } = stand;
      fixture.change(addRack);
      if (viewport === PHONE) await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Plug-ins', exact: true }).click();
      await page.getByRole('button', { name: new RegExp(`^${name}.*open$`) }).click();
      await page.getByRole('heading', { name }).waitFor();
      await page.locator('[data-param]').first().waitFor();
      await run(stand);
      expect(stand.faults).toEqual([]);
    });
};
