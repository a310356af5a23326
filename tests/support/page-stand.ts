/** The built page in Chromium before a stand-in of the gateway: one browser per test file. */
import { afterAll, beforeAll, setDefaultTimeout } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Command } from '../../protocol/commands.ts';
import { launchBrowser, openPage } from './browser.ts';
import { type BuiltPage, buildPage } from './built-page.ts';
import { type Fixture, type SceneName, startFixture } from './fixture/server.ts';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Stand {
  readonly page: Page;
  readonly fixture: Fixture;
  /** Commands of one name that came so far. */
  readonly sent: <Name extends Command['cmd']>(name: Name) => Extract<Command, { cmd: Name }>[];
  readonly faults: string[];
}

type Run = (stand: Stand) => Promise<void>;

/** Builds the page and starts the browser for the tests of one file. */
export const makeStands = () => {
  let browser: Browser;
  let built: BuiltPage;
  setDefaultTimeout(60_000);
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const withPage = async (scene: SceneName, options: BrowserContextOptions, run: Run) => {
    const fixture = startFixture({ dist: built.dist, scene });
    const { page, faults, close } = await openPage(browser, fixture.url, options);
    try {
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      await page.locator('[data-riff], [data-do="undo"]').first().waitFor();
      const sent = <Name extends Command['cmd']>(name: Name) =>
        fixture.received.filter(
          (command): command is Extract<Command, { cmd: Name }> => command.cmd === name,
        );
      await run({ page, fixture, sent, faults });
    } finally {
      await close();
      await fixture.stop();
    }
  };
  const desktop = (run: Run, scene: SceneName = 'full') =>
    withPage(scene, { viewport: DESKTOP }, run);
  return { withPage, desktop };
};

export const pad = (page: Page, slot: number) => page.locator(`[data-pad="${slot}"]`);
