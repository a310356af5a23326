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
