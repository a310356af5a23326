/** Lasting conditions on the page, before a stand-in of the gateway: said once, gone with their end. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { makeStands, PHONE } from '../support/page-stand.ts';

const { withPage, desktop } = makeStands();

test('a full disk is said on the strip and stays', () =>
  desktop(async ({ page, fixture }) => {
    fixture.change((state) => {
      state.alerts['1002'] = { code: 1002, sinceMs: 0, count: 1 };
    });
    const alert = page
      .getByRole('region', { name: 'Just played' })
      .locator('..')
      .getByRole('alert');
    await alert.getByText('Recording to disk has stopped.').waitFor();
    // Said once: the note that comes with it goes, other notes stay.
    fixture.broadcast({ type: 'NOTICE', code: 1002 });
    fixture.broadcast({ type: 'NOTICE', code: 2010 });
    const notes = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    await notes.getByText('2010').waitFor();
    expect(await notes.count()).toBe(1);
    fixture.change((state) => {
      delete state.alerts['1002'];
    });
    await alert.waitFor({ state: 'detached' });
  }));

test('on the phone a full disk leaves the transport and the strip within reach', () =>
  withPage('full', { viewport: PHONE, hasTouch: true }, async ({ page, fixture, sent }) => {
    fixture.change((state) => {
      state.alerts['1002'] = { code: 1002, sinceMs: 0, count: 1 };
    });
    await page.getByText('Recording to disk has stopped.').waitFor();
    await page.getByRole('button', { name: 'Pause' }).tap();
    for (const bars of [8, 4, 2, 1]) await page.locator(`[data-zone="${bars}"]`).tap();
    await until('four captures', () => sent('TRIGGER_SLOT').length === 4);
    expect(sent('PAUSE')).toHaveLength(1);
  }));

test('the note of a condition goes with it', () =>
  desktop(async ({ page, fixture }) => {
    const note = page.getByText('Less than ten minutes of disk space');
    fixture.change((state) => {
      state.alerts['1001'] = { code: 1001, sinceMs: 0, count: 1 };
    });
    await note.waitFor();
    fixture.change((state) => {
      delete state.alerts['1001'];
    });
    await note.waitFor({ state: 'detached' });
  }));

test('a note that was closed stays closed while its condition lasts, whatever else comes and goes', () =>
  desktop(async ({ page, fixture }) => {
    const notes = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    const begin = (code: number) =>
      fixture.change((state) => {
        state.alerts[code] = { code, sinceMs: 0, count: 1 };
      });
    const end = (code: number) =>
      fixture.change((state) => {
        delete state.alerts[code];
      });
    begin(1001);
    await notes.getByText('Less than ten minutes').waitFor();
    await page.getByRole('button', { name: 'Close this note' }).click();
    begin(1022);
    await notes.getByText('lost count').waitFor();
    end(1022);
    await notes.getByText('lost count').waitFor({ state: 'detached' });
    expect(await notes.count()).toBe(0);
    // Over and begun again, it is news.
    end(1001);
    begin(1001);
    await notes.getByText('Less than ten minutes').waitFor();
  }));

test('of several critical conditions the worst is on the banner, and that there are more', () =>
  desktop(async ({ page, fixture }) => {
    fixture.change((state) => {
      state.alerts = {
        device: { code: 2002, sinceMs: 0, count: 1 },
        take: { code: 1023, sinceMs: 0, count: 1 },
      };
    });
    const banner = page.getByRole('alert');
    await banner.getByText('A loop could not be kept').waitFor();
    expect(await banner.innerText()).toContain('and 1 more');
    fixture.change((state) => {
      delete state.alerts['take'];
    });
    await banner.getByText('The audio device is gone.').waitFor();
    expect(await banner.innerText()).not.toContain('more');
  }));

test('a critical message without a lasting condition is on the banner, not a polite note, and can be closed', () =>
  desktop(async ({ page, fixture }) => {
    fixture.broadcast({ type: 'NOTICE', code: 1011 });
    const banner = page.getByRole('alert');
    await banner.getByText('The engine answers no commands').waitFor();
    const notes = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    expect(await notes.count()).toBe(0);
    await banner.getByRole('button', { name: 'Close this note' }).click();
    await banner.waitFor({ state: 'detached' });
  }));

test('with a sheet over the strip the banner says what the strip says', () =>
  desktop(async ({ page, fixture }) => {
    fixture.change((state) => {
      state.alerts['1002'] = { code: 1002, sinceMs: 0, count: 1 };
    });
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Recording to disk has stopped.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByText('Recording to disk has stopped.').count()).toBe(1);
  }));

test('Undo and Redo are spoken as what they are', () =>
  desktop(async ({ page }) => {
    const spoken = page.locator('p.unseen[aria-live="polite"]');
    await page.locator('[data-do="undo"]').click();
    await spoken.getByText(/^Undone. Now at: /).waitFor({ state: 'attached' });
    await page.locator('[data-do="redo"]').click();
    await spoken.getByText(/^Redone: 2 bars into slot 8$|^Redone: 8 bars into slot 5$/).waitFor({
      state: 'attached',
    });
    await page.locator('[data-zone="4"]').click();
    await spoken.getByText(/^4 bars into slot/).waitFor({ state: 'attached' });
  }));
