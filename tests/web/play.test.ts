/** Pads and keys before a stand-in of the gateway: fingers, scales, and what lets go. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { instanceId } from '../support/fixture/rack.ts';
import { DESKTOP, type Stand } from '../support/page-stand.ts';
import { makePlaying } from '../support/play-stand.ts';
import { makeFingers } from '../support/touch.ts';

const playing = makePlaying();

const notes = ({ sent }: Stand) =>
  sent('NOTE').map(({ note, on }) => `${on ? 'on' : 'off'} ${note}`);

/** Each that began has ended, once. */
const sounding = (stand: Stand) =>
  stand.sent('NOTE').reduce((held, { note, on }) => {
    expect(held.has(note)).toBe(!on);
    if (on) held.add(note);
    else held.delete(note);
    return held;
  }, new Set<number>());

const pads = ({ page }: Stand) => page.locator('[data-note]');

describe('pads', () => {
  test('are in the scale that is chosen, and this device keeps it', () =>
    playing(async (stand) => {
      const { page } = stand;
      const shown = () =>
        pads(stand).evaluateAll((all) => all.map((one) => Number(one.dataset['note'])));
      expect((await shown()).slice(-4)).toEqual([48, 50, 51, 53]);
      await page.getByLabel('Root of the scale').selectOption({ label: 'D' });
      await page.getByLabel('Scale', { exact: true }).selectOption('major pentatonic');
      expect((await shown()).slice(-4)).toEqual([50, 52, 54, 57]);
      await page.getByRole('button', { name: 'An octave higher' }).click();
      expect((await shown()).slice(-4)).toEqual([62, 64, 66, 69]);
      expect(await page.locator('[data-root="true"]').count()).toBeGreaterThan(1);
      await page.reload();
      await page.locator('[data-view="play"]').click();
      await pads(stand).first().waitFor();
      expect((await shown()).slice(-4)).toEqual([50, 52, 54, 57]);
    }));

  test('are played by several fingers, each its note, louder the lower, with the time of the finger', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await stand.page.waitForTimeout(1200);
      const before = stand.fixture.serverMs();
      await fingers.on(pads(stand).nth(12), 'pointerdown', 5, { x: 0.5, y: 0.1 });
      await fingers.on(pads(stand).nth(14), 'pointerdown', 6, { x: 0.5, y: 0.95 });
      await until('two', () => notes(stand).length === 2);
      const after = stand.fixture.serverMs();
      const [soft, hard] = [at(stand.sent('NOTE'), 0), at(stand.sent('NOTE'), 1)];
      expect([soft.note, hard.note]).toEqual([48, 51]);
      expect(soft.instanceId).toBe(instanceId(4));
      expect(hard.velocity - soft.velocity).toBeGreaterThan(0.4);
      for (const { at: pressedMs } of [soft, hard]) {
        expect(pressedMs).toBeGreaterThan(before - 50);
        expect(pressedMs).toBeLessThan(after + 50);
      }
      await fingers.on(pads(stand).nth(14), 'pointerup', 6);
      await fingers.on(pads(stand).nth(12), 'pointercancel', 5);
      await until('let go', () => sounding(stand).size === 0);
      expect(notes(stand)).toEqual(['on 48', 'on 51', 'off 51', 'off 48']);
    }));

  test('let go when the finger glides off, and play where it glides to', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await fingers.on(pads(stand).nth(12), 'pointerdown', 5);
      await fingers.on(stand.page.locator('[data-do="undo"]'), 'pointermove', 5);
      await until('off', () => notes(stand).length === 2);
      expect(notes(stand)).toEqual(['on 48', 'off 48']);
      await fingers.on(pads(stand).nth(13), 'pointermove', 5);
      await fingers.on(pads(stand).nth(13), 'pointerup', 5);
      await until('and on', () => notes(stand).length === 4);
      expect(notes(stand).slice(2)).toEqual(['on 50', 'off 50']);
      expect(stand.sent('UNDO')).toEqual([]);
    }));

  test.each([
    [
      'the page is hidden',
      (page: Page) =>
        page.evaluate(() => {
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }),
    ],
    ['the page goes', (page: Page) => page.evaluate(() => dispatchEvent(new Event('pagehide')))],
    ['the loops are shown', (page: Page) => page.locator('[data-view="play"]').click()],
    ['keys are shown', (page: Page) => page.getByRole('button', { name: 'Keys' }).focus()],
  ] as const)('let go of everything when %s', (why, end) =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await pads(stand).nth(15).focus();
      await stand.page.keyboard.down('Enter');
      if (!why.startsWith('keys')) await fingers.on(pads(stand).nth(12), 'pointerdown', 5);
      await until('sounding', () => sounding(stand).has(53));
      await end(stand.page);
      await until('let go', () => sounding(stand).size === 0);
    }),
  );

  test('and keys are one choice, kept too; the letters play both', () =>
    playing(
      async (stand) => {
        const { page } = stand;
        await page.getByRole('button', { name: 'Keys', exact: true }).click();
        await page.locator('[data-note="61"]').waitFor();
        await page.keyboard.press('s');
        await until('a note', () => notes(stand).length === 2);
        expect(notes(stand)).toEqual(['on 61', 'off 61']);
        await page.keyboard.press('i');
        await page.locator('[data-note]').first().waitFor({ state: 'detached' });
        await page.keyboard.press('i');
        await page.locator('[data-note="61"]').waitFor();
      },
      { viewport: DESKTOP },
    ));

  test('the loops stay in reach: a tap on one captures there', () =>
    playing(async (stand) => {
      await stand.page.locator('[data-pad="7"]').click();
      await until('a capture', () => stand.sent('TRIGGER_SLOT').length === 1);
      expect(stand.sent('TRIGGER_SLOT')).toMatchObject([{ slot: 7, bars: 4 }]);
    }));

  test('of an input that nobody hears say so, with the way to hear it', () =>
    playing(async (stand) => {
      const { fixture, page, sent } = stand;
      const setMonitor = (monitor: boolean) =>
        fixture.change(({ sources }) => Object.assign(at(sources, 0), { monitor }));
      setMonitor(false);
      await page.getByRole('button', { name: 'Hear it' }).click();
      await until('asked', () => sent('SET_INPUT').length === 1);
      expect(sent('SET_INPUT')).toMatchObject([{ source: 0, monitor: true }]);
      await page.getByRole('button', { name: 'Hear it' }).waitFor({ state: 'detached' });
    }));

  test('without an instrument it is said, with the way to one', () =>
    playing(async ({ fixture, page }) => {
      fixture.change(({ inputChain, plugins }) => {
        inputChain.splice(0, 1);
        delete plugins[instanceId(4)];
      });
      await page.getByText('No instrument is loaded yet.').waitFor();
      await page.getByRole('button', { name: 'Add an instrument' }).click();
      await page.getByRole('searchbox', { name: 'Search plug-ins' }).waitFor();
    }));
});
