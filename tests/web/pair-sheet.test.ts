/** Phones and tablets before a stand-in of the gateway: the sheet on the computer, the way in on a phone. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'bun:test';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';
import { TOKEN } from '../support/fixture/pairing.ts';

const { withPage } = makeStands();
const MARGIN = 16;

const opened = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>, more = {}) =>
  withPage('full', { viewport, reducedMotion: 'reduce', ...more }, async (stand) => {
    const { page } = stand;
    if (viewport === PHONE) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Phones', exact: true }).click();
    } else {
      await page.getByRole('button', { name: 'Phones and tablets' }).click();
    }
    await sheet(stand).waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const sheet = ({ page }: Stand) => page.getByRole('dialog', { name: 'Phones and tablets' });
const code = (stand: Stand) => sheet(stand).getByLabel('Code', { exact: true });

const axe = async ({ page }: Stand) => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
};

describe('the sheet on the computer', () => {
  test('shows a picture, the address and the code in two halves', () =>
    opened(DESKTOP, async (stand) => {
      await code(stand).getByText('482 901').waitFor();
      await sheet(stand).getByRole('img', { name: 'Picture to scan: 192.168.1.23:4800' }).waitFor();
      await sheet(stand).getByRole('button', { name: 'studio.local:4800' }).click();
      await sheet(stand).getByRole('img', { name: 'Picture to scan: studio.local:4800' }).waitFor();
      expect(stand.sent('PAIR_START')).toHaveLength(1);
    }));

  test.each([DESKTOP, PHONE])('the picture is what a camera needs, %p', (viewport) =>
    opened(
      viewport,
      async (stand) => {
        const picture = sheet(stand).getByRole('img');
        const box = await picture.boundingBox();
        const [width, height] = [box?.width ?? 0, box?.height ?? 0];
        expect(width).toBe(height);
        expect(width).toBeGreaterThanOrEqual(180);
        // Dark on white in the dark scheme too, and as large as 33 modules with four around them.
        expect(await picture.getAttribute('viewBox')).toMatch(/^0 0 (\d+) \1$/);
        const colourOf = (part: string) => picture.locator(part).getAttribute('fill');
        expect([await colourOf('rect'), await colourOf('path')]).toEqual(['#fff', '#000']);
      },
      { colorScheme: 'dark' },
    ),
  );

  test('without --lan says how to start FlowZone, and offers nothing', () =>
    withPage('full', { viewport: DESKTOP }, async (stand) => {
      stand.fixture.pairing.lan = false;
      await stand.page.getByRole('button', { name: 'Phones and tablets' }).click();
      await sheet(stand).getByRole('alert').getByText('Start it with --lan').waitFor();
      expect(await sheet(stand).getByRole('img').count()).toBe(0);
    }));

  test('in no network says so', () =>
    withPage('full', { viewport: DESKTOP }, async (stand) => {
      stand.fixture.pairing.addresses = [];
      await stand.page.getByRole('button', { name: 'Phones and tablets' }).click();
      await sheet(stand).getByRole('alert').getByText('in no network').waitFor();
    }));

  test('makes another code when the time is up, as long as it is open', () =>
    withPage('full', { viewport: DESKTOP }, async (stand) => {
      stand.fixture.pairing.expiresInMs = 300;
      await stand.page.getByRole('button', { name: 'Phones and tablets' }).click();
      // A busy machine may miss one of them.
      await code(stand)
        .getByText(/482 9(0[3-9]|[1-9]\d)/)
        .waitFor();
      await stand.page.keyboard.press('Escape');
      await sheet(stand).waitFor({ state: 'detached' });
      // One may have been asked for as it was closed.
      await stand.page.waitForTimeout(300);
      const offers = stand.fixture.pairing.offers;
      await stand.page.waitForTimeout(700);
      expect(stand.fixture.pairing.offers).toBe(offers);
    }));

  test('lists who may come in, tells who has come, and shows the next one another code', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      const rows = page.locator('[data-device]');
      await rows.nth(1).waitFor();
      expect(await rows.nth(0).innerText()).toMatch(/^iPhone\nconnected · 1 page/);
      expect(await rows.nth(1).innerText()).toMatch(/^Ana’s iPad\nnot connected · paired /);
      fixture.pairing.devices.push({ clientId: 'new', name: 'iPhone 2', pairedMs: 0, pages: 1 });
      fixture.change(({ clients }) => {
        clients['new page'] = { sinceMs: 0, address: '192.168.1.40' };
      });
      await sheet(stand).getByRole('status').getByText('iPhone 2 is in.').waitFor();
      await code(stand).getByText('482 902').waitFor();
    }));

  test('forgets one; what was forgotten elsewhere is told and gone', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      await sheet(stand).getByRole('button', { name: 'Forget iPhone' }).click();
      await page.locator('[data-device="phone"]').waitFor({ state: 'detached' });
      expect(sent('FORGET_CLIENT')).toMatchObject([{ clientId: 'phone' }]);
      expect(await page.locator('[data-device]').count()).toBe(1);
      fixture.pairing.devices.splice(0, 1, {
        clientId: 'other',
        name: 'Pixel',
        pairedMs: 0,
        pages: 0,
      });
      await sheet(stand).getByRole('button', { name: 'Forget Ana’s iPad' }).click();
      await sheet(stand).getByRole('alert').getByText('That device is not paired.').waitFor();
      await page.locator('[data-device="other"]').waitFor();
    }));

  test.each([DESKTOP, PHONE])('is for everybody: %p', (viewport) =>
    opened(viewport, async (stand) => {
      await code(stand).waitFor();
      await stand.page.locator('[data-device="tablet"]').waitFor();
      expect(await axe(stand)).toEqual([]);
      const targets = await sheet(stand).getByRole('button').all();
      for (const target of targets) {
        const box = await target.boundingBox();
        const least = viewport === PHONE ? 44 : 24;
        expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(least);
        if (viewport === PHONE) {
          expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(PHONE.width - MARGIN / 2);
        }
      }
    }),
  );
});

describe('a device that is not paired', () => {
  const asStranger = (run: (stand: Stand) => Promise<void>, hash = '') =>
    withPage('full', { viewport: PHONE, reducedMotion: 'reduce' }, async (stand) => {
      const { fixture, page } = stand;
      fixture.pairing.isStranger = true;
      await page.goto('about:blank');
      await page.goto(`${fixture.url}${hash}`);
      await run(stand);
      expect(
        stand.faults.filter(
          (fault) => !/40[13]|HTTP Authentication|closed before the connection/.test(fault),
        ),
      ).toEqual([]);
    });
  const gate = ({ page }: Stand) => page.getByRole('dialog', { name: 'Pair this device' });

  test('asks for the code, says when it is wrong, and plays when it is right', () =>
    asStranger(async (stand) => {
      const { fixture, page } = stand;
      await gate(stand).waitFor();
      expect(await axe(stand)).toEqual([]);
      const field = gate(stand).getByLabel('Code of six digits');
      await field.fill('111 111');
      await page.keyboard.press('Enter');
      await gate(stand).getByRole('alert').getByText('That code is wrong').waitFor();
      // It is no sheet that could be closed.
      await page.keyboard.press('Escape');
      await gate(stand).waitFor();
      await field.fill('482 901');
      await gate(stand).getByRole('button', { name: 'Pair' }).click();
      await gate(stand).waitFor({ state: 'detached' });
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      expect(fixture.pairing.shown).toEqual([{ code: '111 111' }, { code: '482 901' }]);
    }));

  test('that scanned the picture plays at once; the token does not stay in the address', () =>
    asStranger(async (stand) => {
      const { fixture, page } = stand;
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      await gate(stand).waitFor({ state: 'detached' });
      expect(fixture.pairing.shown).toEqual([{ token: TOKEN }]);
      expect(page.url()).toBe(fixture.url);
    }, `#pair=${TOKEN}`));

  test('that scanned an old picture is told, and may type the code', () =>
    asStranger(async (stand) => {
      await gate(stand).getByRole('alert').getByText('used or older than five minutes').waitFor();
      expect(stand.page.url()).toBe(stand.fixture.url);
      expect(await gate(stand).getByLabel('Code of six digits').isVisible()).toBeTrue();
    }, '#pair=oldToken'));

  test('a phone that is forgotten while it plays is asked for a code', () =>
    withPage('full', { viewport: PHONE }, async (stand) => {
      const { fixture } = stand;
      fixture.pairing.isStranger = true;
      fixture.dropAll();
      await gate(stand).waitFor();
      expect(await stand.page.getByText('Reconnecting…').count()).toBe(0);
    }));

  test('one that is in anyway drops what it scanned', () =>
    withPage('full', { viewport: PHONE }, async ({ fixture, page }) => {
      await page.goto('about:blank');
      await page.goto(`${fixture.url}#pair=${TOKEN}`);
      await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
      expect(page.url()).toBe(fixture.url);
      expect(fixture.pairing.shown).toEqual([]);
    }));
});
