/** The screen of a phone stays on while the music plays, where a page may do that. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from '../support/browser.ts';
import { makeStands, PHONE } from '../support/page-stand.ts';

const { withPage } = makeStands();
const HANDHELD = { viewport: PHONE, hasTouch: true, isMobile: true } as const;

/** Stands in for the browser's own, which needs a screen; counts what is held. */
const standIn = (page: Page) =>
  page.addInitScript(() => {
    const locks = { held: 0 };
    Object.assign(window, { locks });
    const request = async () => {
      locks.held += 1;
      const lock = {
        released: false,
        release: async () => {
          if (!lock.released) locks.held -= 1;
          lock.released = true;
        },
      };
      return lock;
    };
    Object.defineProperty(Navigator.prototype, 'wakeLock', { get: () => ({ request }) });
  });

const holds = (page: Page, count: number) =>
  page.waitForFunction((wanted) => Reflect.get(window, 'locks').held === wanted, count);

test('it is kept on while the music plays, and let go with a pause', () =>
  withPage('full', HANDHELD, async ({ fixture, page, faults }) => {
    await standIn(page);
    await page.reload();
    await holds(page, 1);
    const play = (isPlaying: boolean) =>
      fixture.change((state) => {
        state.transport.isPlaying = isPlaying;
      });
    play(false);
    await holds(page, 0);
    play(true);
    await holds(page, 1);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByText('It stays on while the music plays').waitFor();
    expect(faults).toEqual([]);
  }));

test('a page that may not do that says what helps, and asks for nothing', () =>
  withPage('full', HANDHELD, async ({ fixture }) => {
    const { port } = new URL(fixture.url);
    const browser = await launchBrowser(['--host-resolver-rules=MAP studio.local 127.0.0.1']);
    const { page, faults } = await openPage(browser, `http://studio.local:${port}/`, HANDHELD);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByText('Set Auto-Lock to Never').waitFor();
    expect(faults).toEqual([]);
    await browser.close();
  }));

test('a computer with a mouse keeps its own way', () =>
  withPage('full', { viewport: PHONE }, async ({ page }) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Metronome standby' }).waitFor();
    await page.getByRole('group', { name: 'When M and S act' }).waitFor();
    expect(await page.locator('[data-screen]').count()).toBe(0);
  }));
