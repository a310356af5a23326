/** The first minute: what is checked beside the empty slots, and what a silent input is told. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { axe } from '../support/axe.ts';
import { DESKTOP, makeStands, PHONE } from '../support/page-stand.ts';

const { desktop, withPage } = makeStands();

test('an empty instrument checks ear, input and phone, and is not in the way', () =>
  desktop(async ({ page, sent, faults }) => {
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.waitFor();
    await steps.getByText('Works').waitFor();
    await steps.getByText('A demo player performs').waitFor();
    await steps.getByRole('button', { name: 'Listen here' }).click();
    await steps.getByText('On this page').waitFor();
    await until('asked for the sound', () => sent('LISTEN').some(({ on }) => on));
    await page.getByText('it takes what the demo player just played').waitFor();
    await page.locator('[data-zone="4"]').click();
    await page.locator('li[data-look="playing"]').waitFor();
    await steps.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  }, 'empty'));

test('with a sound card it is the metronome that is heard', () =>
  desktop(async ({ page, fixture, sent }) => {
    fixture.change((state) => {
      state.devices.kind = 'coreaudio';
    });
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('button', { name: 'Play clicks' }).click();
    await steps.getByRole('button', { name: 'Stop the clicks' }).waitFor();
    expect(sent('SET_METRONOME')).toMatchObject([{ on: true }]);
  }, 'empty'));

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
  ['small phone', { width: 320, height: 568 }],
] as const)(
  '%s: before anything was heard the strip says so, then what a press takes',
  (_, viewport) =>
    withPage('empty', { viewport }, async ({ page, fixture }) => {
      fixture.held.isSilent = true;
      await page.reload();
      const hint = page.getByText('Play something. FlowZone is listening.');
      await hint.waitFor();
      const isInside = async () => {
        const { width = 0, x = -1 } = (await page.locator('[data-silent]').boundingBox()) ?? {};
        return x >= 0 && x + width <= viewport.width;
      };
      expect(await isInside()).toBe(true);
      fixture.held.isSilent = false;
      await page.getByText('Press any strip zone:').waitFor();
      expect(await isInside()).toBe(true);
    }),
);

test('an input that stays flat is told why that may be, and where the demo player is', () =>
  desktop(async ({ page, fixture }) => {
    fixture.change((state) => {
      state.devices.kind = 'coreaudio';
    });
    fixture.held.hasFrames = false;
    await page.reload();
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByText('It stays flat.').waitFor({ timeout: 30_000 });
    expect(await steps.innerText()).toContain('--device headless');
    fixture.held.hasFrames = true;
    await steps.getByText('Works').waitFor();
    await steps.getByText('It stays flat.').waitFor({ state: 'detached' });
  }, 'empty'));

test('the way to the phones is one press', () =>
  desktop(async ({ page }) => {
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('button', { name: 'Phones and tablets' }).click();
    await page.getByRole('dialog').waitFor();
  }, 'empty'));

test('a phone is there when a page comes from elsewhere, not with a second page of this computer', () =>
  desktop(async ({ page, fixture }) => {
    const step = page.getByRole('region', { name: 'First steps' }).locator('[data-step="3"]');
    await step.getByText('Optional').waitFor();
    const other = (address: string) =>
      fixture.change((state) => {
        state.clients['other'] = { sinceMs: 0, address };
      });
    other('::ffff:127.0.0.1');
    await page.getByText('Connected, pages:').locator('..').getByText('3').waitFor();
    expect(await step.innerText()).toContain('Optional');
    other('192.168.1.20');
    await step.getByText('Connected').waitFor();
  }, 'empty'));

test('a session with a past does not show them', () =>
  desktop(async ({ page }) => {
    await page.locator('[data-riff]').first().waitFor();
    expect(await page.getByRole('region', { name: 'First steps' }).count()).toBe(0);
  }));

test.each(['dark', 'light'] as const)('axe finds nothing, %s', (colorScheme) =>
  withPage(
    'empty',
    { viewport: DESKTOP, colorScheme, reducedMotion: 'reduce' },
    async ({ page }) => {
      await page.getByRole('region', { name: 'First steps' }).getByText('Works').waitFor();
      expect(await axe(page)).toEqual([]);
    },
  ),
);

test('on the phone the strip says it, and nothing covers the pads', () =>
  withPage('empty', { viewport: PHONE, hasTouch: true }, async ({ page }) => {
    await page.getByText('Press any strip zone:').waitFor();
    expect(await page.getByRole('region', { name: 'First steps' }).count()).toBe(0);
  }));
