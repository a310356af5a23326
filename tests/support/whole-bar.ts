/** Waits until the page shows that a whole bar was heard. */
import type { Page } from 'playwright-core';

export const wholeBar = async (page: Page) =>
  page.waitForFunction(
    () => Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= 3,
    undefined,
    { timeout: 30_000 },
  );
