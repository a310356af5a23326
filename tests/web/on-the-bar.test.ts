/** What waits for the bar: mute and solo when they are so set, and riffs that come back. */
import { describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { until } from '../judge/product.ts';
import { axe } from '../support/axe.ts';
import { rows } from '../support/history-stand.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();
/** The page's clock is the engine's by at most that, however slow the machine is just now. */
const CLOCK_MS = 1000;

const setOnBar = async (page: Page) => {
  await page.getByRole('button', { name: 'Bar line, latency, metronome' }).click();
  await page
    .getByRole('group', { name: 'When M and S act' })
    .getByRole('button', { name: 'On the bar' })
    .click();
};

const mute = (page: Page, slot: number) =>
  page.getByRole('button', { name: `M: mute slot ${slot + 1}` });

const look = (page: Page, slot: number, is: string) =>
  page.locator(`li[data-look="${is}"]:has([data-pad="${slot}"])`).waitFor();

/** That a command says when the hand was there. */
const expectMoment = (at: number | undefined, beforeMs: number, { fixture }: Stand) => {
  expect(at).toBeGreaterThan(beforeMs - CLOCK_MS);
  expect(at).toBeLessThan(fixture.serverMs() + CLOCK_MS);
};

describe('M, set to act on the bar', () => {
  test('waits for the line that the hand meant; pressed again it is called off', () =>
    desktop(async (stand) => {
      const { faults, fixture, page, sent } = stand;
      await setOnBar(page);
      const beforeMs = fixture.serverMs();
      await mute(page, 0).click();
      await look(page, 0, 'pending');
      expect(sent('MUTE_SLOT')).toMatchObject([{ slot: 0, muted: true, quantized: true }]);
      expectMoment(sent('MUTE_SLOT')[0]?.at, beforeMs, stand);
      expect(await mute(page, 0).getAttribute('aria-pressed')).toBe('false');
      await mute(page, 0).click();
      await look(page, 0, 'playing');
      expect(sent('MUTE_SLOT')[1]).toMatchObject({ slot: 0, muted: false, quantized: false });
      await page.keyboard.press('Shift+Digit4');
      await look(page, 3, 'pending');
      expect(sent('MUTE_SLOT')[2]).toMatchObject({ slot: 3, muted: false, quantized: true });
      expect(faults).toEqual([]);
    }));

  test('acts at once with Alt, and while nothing plays', () =>
    desktop(async ({ fixture, page, sent }) => {
      await setOnBar(page);
      await mute(page, 0).click({ modifiers: ['Alt'] });
      await look(page, 0, 'muted');
      fixture.change((draft) => {
        draft.transport.isPlaying = false;
      });
      await look(page, 1, 'held');
      await mute(page, 1).click();
      await look(page, 1, 'muted');
      expect(sent('MUTE_SLOT').map(({ quantized }) => quantized)).toEqual([false, false]);
    }));

  test('so does S, in the mixer and in the slot itself', () =>
    desktop(async (stand) => {
      const { fixture, page, sent } = stand;
      await setOnBar(page);
      const beforeMs = fixture.serverMs();
      await page.getByRole('button', { name: 'Mix' }).click();
      await page.getByRole('button', { name: 'S: solo slot 2' }).click();
      await until('asked', () => sent('SOLO_SLOT').length === 1);
      expect(sent('SOLO_SLOT')).toMatchObject([{ slot: 1, soloed: true, quantized: true }]);
      expectMoment(sent('SOLO_SLOT')[0]?.at, beforeMs, stand);
    }));

  test('is kept by the device; until it is set M acts at once', () =>
    desktop(async ({ page, sent }) => {
      await mute(page, 0).click();
      await look(page, 0, 'muted');
      expect(sent('MUTE_SLOT')).toMatchObject([{ quantized: false }]);
      await setOnBar(page);
      await page.reload();
      await mute(page, 1).click();
      await look(page, 1, 'pending');
    }));

  test('is set on the phone in More, within reach of a thumb', () =>
    withPage('full', { viewport: PHONE, reducedMotion: 'reduce' }, async ({ page }) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      const group = page.getByRole('group', { name: 'When M and S act' });
      await group.getByRole('button', { name: 'On the bar' }).click();
      expect(await axe(page)).toEqual([]);
    }));
});

describe('a riff that is called back', () => {
  test('says when the hand was there, and that it comes until it has landed', () =>
    withPage('full', { viewport: DESKTOP }, async (stand) => {
      const { fixture, page, sent } = stand;
      fixture.held.isRecallWaiting = true;
      const beforeMs = fixture.serverMs();
      const row = rows(stand).nth(3);
      await row.click();
      await row.getByText('comes on the next bar').waitFor();
      await look(page, 0, 'pending');
      expect(sent('RECALL_RIFF')).toMatchObject([{ when: 'bar' }]);
      expectMoment(sent('RECALL_RIFF')[0]?.at, beforeMs, stand);
      expect(await row.innerText()).toContain('comes on the next bar');
      fixture.change((draft) => {
        for (const slot of draft.slots) slot.pending = null;
      });
      await row.getByText('comes on the next bar').waitFor({ state: 'detached' });
    }));
});
