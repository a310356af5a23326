/** The access rules that every view and sheet of the page keeps. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';

/** What breaks a rule, each with the elements it is about. */
export const axe = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
};

/** The shortest side of any of them. */
export const smallestPx = async (all: Locator): Promise<number> =>
  Math.min(
    ...(await all.evaluateAll((each) =>
      each.flatMap((one) => {
        const { height, width } = one.getBoundingClientRect();
        return [height, width];
      }),
    )),
  );
