/** The sessions sheet before a stand-in of the gateway: opened from the name, begun, named, opened. */
import { describe, expect, test } from 'bun:test';
import { at } from '../support/at.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

/** On each side of a sheet. */
const MARGIN = 16;

const { withPage } = makeStands();

const opened = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>) =>
  withPage('full', { viewport }, async (stand) => {
    const { page } = stand;
    if (viewport === PHONE) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Sessions' }).click();
    } else {
      await page.getByRole('button', { name: 'Late November' }).click();
    }
    await page.locator('[data-session]').first().waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const sheet = ({ page }: Stand) => page.getByRole('dialog', { name: 'Sessions' });

describe('the sessions sheet', () => {
  test('lists them with what is in each; the one that is open cannot be opened', () =>
    opened(DESKTOP, async (stand) => {
      const rows = stand.page.locator('[data-session]');
      expect(await rows.count()).toBe(3);
      expect(await rows.nth(0).innerText()).toMatch(
        /^Late November\n31 steps · 24 takes, 3 min · 71 MB · just now/,
      );
      expect(await rows.nth(1).innerText()).toContain('empty · ');
      const openIt = (name: string) => sheet(stand).getByRole('button', { name: `Open ${name}` });
      expect(await openIt('Late November').isDisabled()).toBeTrue();
      expect(await openIt('Late November').getAttribute('aria-current')).toBe('true');
      expect(await openIt('Kitchen, slow').isEnabled()).toBeTrue();
    }));

  test('opens one, and is closed by that; the header says which', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      await sheet(stand).getByRole('button', { name: 'Open Kitchen, slow' }).click();
      await sheet(stand).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Kitchen, slow' }).waitFor();
      expect(sent('OPEN_SESSION')).toMatchObject([{ sessionId: at(fixture.sessions, 1).id }]);
    }));

  test('begins a new one on the phone', () =>
    opened(PHONE, async (stand) => {
      await sheet(stand).getByRole('button', { name: 'New', exact: true }).click();
      await sheet(stand).waitFor({ state: 'detached' });
      expect(stand.sent('NEW_SESSION')).toHaveLength(1);
      await stand.page.locator('li[data-look="target"]:has([data-pad="0"])').waitFor();
    }));

  test('names one in its place: Enter keeps it, Esc does not, and neither closes the sheet', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      const rename = sheet(stand).getByRole('button', { name: 'Edit Kitchen, slow' });
      const field = sheet(stand).getByLabel('Name of Kitchen, slow');
      await rename.click();
      await field.fill('Gone');
      await page.keyboard.press('Escape');
      await rename.waitFor();
      expect(sent('RENAME_SESSION')).toEqual([]);
      await rename.click();
      await field.fill('Kitchen, fast');
      await page.keyboard.press('Enter');
      await sheet(stand).getByText('Kitchen, fast').waitFor();
      expect(sent('RENAME_SESSION')).toMatchObject([
        { sessionId: at(fixture.sessions, 1).id, name: 'Kitchen, fast' },
      ]);
    }));

  test('a refusal is said in the sheet, which stays with what was typed', () =>
    opened(DESKTOP, async (stand) => {
      const { page } = stand;
      await sheet(stand).getByRole('button', { name: 'Edit Late November' }).click();
      const field = sheet(stand).getByLabel('Name of Late November');
      await field.fill('   ');
      await page.keyboard.press('Enter');
      await sheet(stand).getByRole('alert').getByText('A session’s name has').waitFor();
      expect(await field.inputValue()).toBe('   ');
      expect(await page.getByLabel('Notes').locator('li').count()).toBe(0);
    }));

  test('older ones come a page at a time', () =>
    withPage('full', { viewport: DESKTOP }, async (stand) => {
      const { fixture, page } = stand;
      const last = at(fixture.sessions, 2);
      for (let number = 0; number < 57; number += 1) {
        const id = `00000000-0000-4000-8000-0000000f${String(number).padStart(4, '0')}`;
        fixture.sessions.push({ ...last, id, name: `Old ${number}` });
      }
      await page.getByRole('button', { name: 'Late November' }).click();
      const rows = page.locator('[data-session]');
      await rows.nth(49).waitFor();
      expect(await rows.count()).toBe(50);
      await page.getByRole('button', { name: 'Older sessions' }).click();
      await rows.nth(59).waitFor();
      expect(await page.getByRole('button', { name: 'Older sessions' }).count()).toBe(0);
    }));

  test('says how much of the past is kept and how full the disk is', () =>
    opened(PHONE, async (stand) => {
      const { fixture, page } = stand;
      await page.getByText('The past: 3 h, 4.1 GB').waitFor();
      await page.getByText('Kept for 24 h or up to 40 GB').waitFor();
      await page.getByText('71 GB free of 252 GB').waitFor();
      const used = page.getByLabel('Disk used');
      expect(Number(await used.getAttribute('value'))).toBeCloseTo(1 - 71 / 252);
      fixture.change(({ storage }) => {
        storage.pastSeconds = 40;
        storage.freeBytes = 900_000_000;
      });
      await page.getByText('The past: 40 s').waitFor();
      await page.getByText('900 MB free').waitFor();
    }));

  test('a thumb can press everything in it, also with a very long name', () =>
    opened(PHONE, async (stand) => {
      const { fixture, page } = stand;
      at(fixture.sessions, 1).name = 'ü'.repeat(127);
      fixture.change(({ meta }) => {
        meta.sessionName = 'Now';
      });
      await page.getByText('ü'.repeat(127)).waitFor();
      await sheet(stand).getByRole('button', { name: 'Edit Rain against' }).click();
      const targets = await sheet(stand).locator('button, input').all();
      for (const target of targets) {
        const box = await target.boundingBox();
        expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
        expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(PHONE.width - MARGIN);
      }
    }));

  test('removes one only when the player agrees to what is lost, and brings it back', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      const rain = 'Rain against the window of the train to Basel';
      const press = (name: string) =>
        sheet(stand).getByRole('button', { name, exact: true }).click();
      await press(`Edit ${rain}`);
      await press('Remove…');
      const asked = sheet(stand).getByRole('group', { name: `Remove ${rain}?` });
      expect(await asked.innerText()).toContain(
        '29 steps · 22 takes, 3 min · 71 MB. It can be brought back for 30 days',
      );
      await press('Keep');
      await asked.waitFor({ state: 'detached' });
      expect(sent('REMOVE_SESSION')).toEqual([]);
      await press(`Edit ${rain}`);
      await press('Remove…');
      await press('Remove');
      const removed = page.locator('[data-removed]');
      await removed.waitFor();
      expect(sent('REMOVE_SESSION')).toMatchObject([
        { sessionId: at(fixture.sessions, 2).id, riffs: 29 },
      ]);
      expect(await page.locator('[data-session]').count()).toBe(2);
      expect(await removed.innerText()).toContain('30 days left');
      await press(`Bring back ${rain}`);
      await removed.waitFor({ state: 'detached' });
      expect(await page.locator('[data-session]').count()).toBe(3);
    }));

  test('what holds more by now than was told is not removed; the open one is not offered', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      const button = (name: string) => sheet(stand).getByRole('button', { name, exact: true });
      await button('Edit Kitchen, slow').click();
      await button('Remove…').click();
      at(fixture.sessions, 1).riffs = 4;
      await button('Remove').click();
      await sheet(stand).getByRole('alert').getByText('Somebody else changed').waitFor();
      await page.getByText('4 steps').waitFor();
      await button('Edit Late November').click();
      expect(await button('Remove…').isDisabled()).toBeTrue();
    }));

  test('what FlowZone says of itself is one download, named and said to hold no sound', () =>
    opened(PHONE, async (stand) => {
      const link = sheet(stand).getByRole('link', {
        name: 'Download what FlowZone says of itself',
      });
      await sheet(stand).getByText('none of your sound is in it').waitFor();
      const [download] = await Promise.all([stand.page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe('flowzone-support-x.tar.gz');
    }));
});
