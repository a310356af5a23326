/** The list of plug-ins before a stand-in of the gateway: looked through, refused ones, a new look. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'bun:test';
import { ERRORS } from '../../protocol/errors.ts';
import { at } from '../support/at.ts';
import { tellPlugins } from '../support/fixture/plugins.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const opened = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>) =>
  withPage('full', { viewport }, async (stand) => {
    const { page } = stand;
    if (viewport === PHONE) await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Plug-ins', exact: true }).click();
    await page.locator('[data-plugin]').first().waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const rows = ({ page }: Stand) => page.locator('[data-plugin]');
const namesIn = async (stand: Stand) =>
  (await rows(stand).allInnerTexts()).map((text) => text.split('\n')[0]);

describe('the list of plug-ins', () => {
  test('says of each who made it and what it is; those that no process has seen are marked', () =>
    opened(DESKTOP, async (stand) => {
      expect(await rows(stand).nth(1).innerText()).toBe(
        'Bellfry\nTwo Hands Audio · Synth · 1.2.0\nInstrument',
      );
      expect(await rows(stand).nth(3).innerText()).toContain('not looked at yet');
      expect(await rows(stand).nth(0).innerText()).not.toContain('not looked at yet');
      await stand.page.getByText('100 plug-ins', { exact: true }).waitFor();
    }));

  test('is looked through by name, maker and kind, in any order', () =>
    opened(DESKTOP, async (stand) => {
      const { page } = stand;
      const search = page.getByRole('searchbox', { name: 'Search plug-ins' });
      await search.fill('room reverb');
      await page.getByText('1 plug-in', { exact: true }).waitFor();
      expect(await namesIn(stand)).toEqual(['Ashen Plate']);
      await search.fill('TWO HANDS');
      await page.getByText('2 plug-ins', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Effects' }).click();
      expect(await namesIn(stand)).toEqual(['Drift Delay']);
      await search.fill('nothing like it');
      await page.getByText('No plug-in fits that.').waitFor();
      // The keys of the stage are not pressed by what is typed.
      expect(stand.sent('TRIGGER_SLOT')).toEqual([]);
    }));

  test('shows sixty at first, and more when asked', () =>
    opened(PHONE, async (stand) => {
      expect(await rows(stand).count()).toBe(60);
      await stand.page.getByRole('button', { name: 'Show more' }).click();
      expect(await rows(stand).count()).toBe(100);
    }));

  test('is another one as soon as its revision is', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture } = stand;
      fixture.plugins.items.splice(1);
      fixture.change((state) => tellPlugins(state, fixture.plugins));
      await stand.page.getByText('1 plug-in', { exact: true }).waitFor();
      fixture.change(({ pluginList }) => {
        pluginList.waiting = 2;
      });
      await stand.page.getByText('1 plug-in · 2 bundles still to be looked at').waitFor();
    }));

  test('of none says how one comes', () =>
    opened(DESKTOP, async ({ fixture, page }) => {
      fixture.plugins.items.splice(0);
      fixture.plugins.refused.splice(0);
      fixture.change((state) => tellPlugins(state, fixture.plugins));
      await page.getByText('No VST3 plug-ins were found').waitFor();
      expect(await page.getByText('Not offered').count()).toBe(0);
    }));
});

const REFUSALS = [
  ERRORS.ERR_PLUGIN_SCAN_CRASH,
  ERRORS.ERR_PLUGIN_SCAN_HUNG,
  ERRORS.ERR_PLUGIN_FOREIGN,
  ERRORS.ERR_PLUGIN_UNREADABLE,
  ERRORS.ERR_PLUGIN_SCAN_CUT,
];

describe('what is refused', () => {
  test('says why, what to do, and where it lies, for every reason there is', () =>
    opened(DESKTOP, async ({ fixture, page }) => {
      fixture.plugins.refused.splice(0);
      for (const { code, says } of REFUSALS) {
        const bundle = `/usr/lib/vst3/${code}.vst3`;
        fixture.plugins.refused.push({ bundle, name: `Bad ${code}`, code, reason: says });
      }
      fixture.change((state) => tellPlugins(state, fixture.plugins));
      for (const { action, code, says } of REFUSALS) {
        const line = page.locator(`[data-refused="/usr/lib/vst3/${code}.vst3"]`);
        await line.waitFor();
        expect(await line.innerText()).toBe(
          `Bad ${code}\n${says} ${action} ${code}\n/usr/lib/vst3/${code}.vst3`,
        );
      }
    }));

  test('is looked at again with progress, which can be cancelled', () =>
    opened(DESKTOP, async ({ fixture, page, sent }) => {
      const again = page.getByRole('button', { name: 'Look again' });
      await again.click();
      const progress = page.getByRole('progressbar', { name: 'Looking for plug-ins' });
      await progress.waitFor();
      expect(Number(await progress.getAttribute('value'))).toBeCloseTo(0.3);
      await page.getByText('30 %').waitFor();
      expect(sent('RESCAN_PLUGINS')).toHaveLength(1);
      await page.locator('[data-rescan="running"]').getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Cancelled').waitFor();
      expect(sent('CANCEL_JOB')).toHaveLength(1);
      await again.click();
      await progress.waitFor();
      fixture.change(({ jobs }) => {
        const job = at(Object.values(jobs), 0);
        Object.assign(job, { state: 'failed', code: ERRORS.ERR_PLUGIN_HOST_MISSING.code });
      });
      await page.getByText(ERRORS.ERR_PLUGIN_HOST_MISSING.says).waitFor();
    }));

  test('is no export: the sheet of exports shows nothing of that look', () =>
    opened(PHONE, async ({ page }) => {
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.locator('[data-rescan="running"]').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('dialog', { name: 'Export' }).waitFor();
      expect(await page.locator('[data-job]').count()).toBe(0);
    }));
});

test('a thumb can press everything in it, and nothing is cut off', () =>
  opened(PHONE, async ({ page }) => {
    const sheet = page.getByRole('dialog', { name: 'Plug-ins' });
    // All at one moment, after the sheet has come to rest.
    const bad = await sheet.evaluate(async (dialog, width) => {
      await Promise.allSettled(dialog.getAnimations().map(({ finished }) => finished));
      return [...dialog.querySelectorAll('button, input')].flatMap((each) => {
        const box = each.getBoundingClientRect();
        const isGood = Math.min(box.width, box.height) >= 44 && box.right <= width;
        return isGood ? [] : [`${each.textContent} ${box.width}×${box.height} to ${box.right}`];
      });
    }, PHONE.width);
    expect(bad).toEqual([]);
  }));

test.each([DESKTOP, PHONE])('axe finds nothing, %o', (viewport) =>
  opened(viewport, async ({ page }) => {
    // What it says of its place is the page's; what is in it is looked at here.
    const place = viewport === PHONE ? 'dialog[open]' : 'section[aria-label="Plug-ins"]';
    const { violations } = await new AxeBuilder({ page }).include(place).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }),
);
