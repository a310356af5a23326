/** The export sheet before a stand-in of the gateway: choosing, watching, cancelling, downloading. */
import { describe, expect, test } from 'bun:test';
import { at } from '../support/at.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const FILES = [
  { file: 'Evening_riff 7_92 bpm_slot 1 Drum_s.wav', bytes: 4_600_000, clips: 0 },
  { file: 'Evening_riff 7_92 bpm_mix.wav', bytes: 9_200_000, clips: 3 },
];
const EXPORTED = {
  folder: 'Evening & more',
  json: 'Evening_riff 7_92 bpm.json',
  made: '2026-11-25T12:00:00.000Z',
  bpm: 92,
  bars: 8,
  riff: { number: 7 },
  gaps: [],
  files: FILES,
};

const opened = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>) =>
  withPage('full', { viewport }, async (stand) => {
    const { page } = stand;
    if (viewport === PHONE) await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Export' }).first().click();
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const begin = ({ page }: Stand) =>
  page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();

describe('the export sheet', () => {
  test('begins with the riff that sounds, with stems; shows how far it is; cancels', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      await begin(stand);
      const job = page.locator('[data-job="running"]');
      await job.getByText('42 %').waitFor();
      expect(sent('EXPORT')[0]).toMatchObject({
        what: { riffId: fixture.state().history.head },
        format: 'wav32f',
        stems: true,
      });
      await job.getByRole('button', { name: 'Cancel' }).click();
      await page.locator('[data-job="cancelled"]').getByText('cancelled').waitFor();
      expect(sent('CANCEL_JOB')).toHaveLength(1);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      fixture.change(({ jobs }) => {
        const [cancelled] = Object.values(jobs);
        if (cancelled) jobs['later'] = { ...cancelled, state: 'failed', code: 2014 };
      });
      await page.getByRole('button', { name: 'Export' }).first().click();
      // What failed meanwhile is told; what the player himself cancelled is over.
      await page.locator('[data-job="failed"]').waitFor();
      expect(await page.locator('[data-job="cancelled"]').count()).toBe(0);
    }));

  test('takes what was played, in another format, without stems', () =>
    opened(PHONE, async (stand) => {
      const { page, sent } = stand;
      await page.getByLabel('What', { exact: true }).selectOption('The last 16 bars played');
      await page.getByLabel('Format', { exact: true }).selectOption('FLAC, 24-bit');
      await page.getByRole('button', { name: 'Stems' }).click();
      await begin(stand);
      await page.locator('[data-job="running"]').waitFor();
      expect(sent('EXPORT')[0]).toMatchObject({
        what: { bars: 16 },
        format: 'flac',
        stems: false,
      });
    }));

  test('says before it is begun how long it is, and what will not be in it', () =>
    opened(DESKTOP, async ({ page }) => {
      const about = page.getByRole('dialog').locator('[data-about]');
      // Slot 4 is muted.
      expect(await about.innerText()).toEndWith('without the silent 4');
      const what = page.getByLabel('What', { exact: true });
      await what.selectOption('The last 8 bars played');
      // 8 bars of 4 beats at 92 bpm.
      expect(await about.innerText()).toBe('8 bars, about 0:21: the input, without the loops');
      expect(await page.getByText('were not kept').count()).toBe(0);
      expect(await what.locator('option[value="16"]').isEnabled()).toBeTrue();
      expect(await what.locator('option[value="32"]').isDisabled()).toBeTrue();
      await what.selectOption('All since the start');
      expect(await about.innerText()).toMatch(/^2\d bars, /);
    }));

  test('says before it is begun how much of those bars was not kept', () =>
    opened(DESKTOP, async ({ fixture, page }) => {
      const notKept = page.getByText('were not kept');
      const { frame, framesPerBeat } = fixture.moment;
      // An engine was away 12 bars ago, and the disk for a moment 6 bars ago.
      const ago = (bars: number) => Math.round(frame - 4 * bars * framesPerBeat);
      const kept = [
        { fromFrame: 0, toFrame: ago(12) },
        { fromFrame: ago(12) + 120_000, toFrame: ago(6) },
        { fromFrame: ago(6) + 24_000, toFrame: frame - 48_000 },
      ];
      const run = {
        runId: 'a'.repeat(32),
        rateHz: 48_000,
        startedMs: 0,
        gapFrames: 144_000,
        grids: [],
      };
      const whole = { fromFrame: 0, toFrame: frame };
      fixture.past.push({ ...run, now: false, kept: [whole] }, { ...run, now: true, kept });
      fixture.change(({ system }) => {
        system.gapFrames = 144_000;
      });
      const what = page.getByLabel('What', { exact: true });
      await what.selectOption('The last 8 bars played');
      await page.getByText('0.5 s of it were not kept').waitFor();
      await what.selectOption('The last 16 bars played');
      await page.getByText('3.0 s of it were not kept').waitFor();
      await what.selectOption('The last 4 bars played');
      await notKept.waitFor({ state: 'detached' });
      await what.selectOption('All since the start');
      await page.getByText('3.0 s of it were not kept').waitFor();
      await what.selectOption('The riff that sounds');
      await notKept.waitFor({ state: 'detached' });
    }));

  test('tells what is not kept while the disk takes nothing, and the gap has no end yet', () =>
    opened(DESKTOP, async ({ fixture, page }) => {
      const { frame } = fixture.moment;
      const kept = [{ fromFrame: 0, toFrame: frame - 480_000 }];
      const run = { runId: 'a'.repeat(32), rateHz: 48_000, startedMs: 0, gapFrames: 0, grids: [] };
      fixture.past.push({ ...run, now: true, kept });
      const what = page.getByLabel('What', { exact: true });
      await what.selectOption('The last 8 bars played');
      // Behind what is kept all may still be on its way.
      expect(await page.getByText('were not kept').count()).toBe(0);
      fixture.change(({ alerts, system }) => {
        alerts['1002'] = { code: 1002, sinceMs: 0, count: 1 };
        system.gapFrames = 96_000;
      });
      await page.getByText('2.0 s of it were not kept').waitFor();
    }));

  test('a riff of which nothing can be heard is not offered', () =>
    opened(DESKTOP, async ({ fixture, page }) => {
      const go = page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true });
      expect(await go.isEnabled()).toBeTrue();
      fixture.change(({ slots }) => {
        for (const slot of slots) slot.audible = false;
      });
      await go.and(page.locator(':disabled')).waitFor();
    }));

  test('offers the files once they are there, under addresses that hold', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      await begin(stand);
      await page.locator('[data-job="running"]').waitFor();
      expect(await page.locator('[data-export]').count()).toBe(0);
      fixture.exported.push(EXPORTED);
      fixture.change(({ jobs }) => {
        for (const job of Object.values(jobs)) job.state = 'done';
      });
      const made = page.locator('[data-export]');
      await made.waitFor();
      expect(await made.innerText()).toContain('Riff 7');
      expect(await made.innerText()).toContain('too loud for 24-bit: clipped');
      const links = await made.getByRole('link').all();
      const files = await Promise.all(links.map((link) => link.getAttribute('href')));
      expect(at(files, 1)).toBe(
        'api/exports/Evening%20%26%20more/Evening_riff%207_92%20bpm_mix.wav',
      );
      expect(await at(links, 0).innerText()).toBe('slot 1 Drum_s.wav\n4.6 MB');
      expect(await page.locator('[data-job]').count()).toBe(0);
    }));

  test('says that it is begun and how it ended, not each percentage; a failure says why', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      const spoken = page.getByRole('dialog').getByRole('status');
      expect(await spoken.innerText()).toBe('');
      await begin(stand);
      await page.locator('[data-job="running"]').waitFor();
      const before = await spoken.innerText();
      expect(before).toEndWith(' is being written');
      const progress = (to: number) =>
        fixture.change(({ jobs }) => {
          for (const job of Object.values(jobs)) job.progress = to;
        });
      progress(0.77);
      await page.getByText('77 %').waitFor();
      expect(await spoken.innerText()).toBe(before);
      fixture.change(({ jobs }) => {
        for (const job of Object.values(jobs)) Object.assign(job, { state: 'failed', code: 2014 });
      });
      const failed = page.locator('[data-job="failed"]');
      await failed.getByText('Stretching needs Rubber Band').waitFor();
      expect(await spoken.innerText()).toContain('could not be written');
    }));

  test('finds what was written also when an older job was forgotten at that moment', () =>
    opened(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      await begin(stand);
      await page.locator('[data-job="running"]').waitFor();
      fixture.exported.push(EXPORTED);
      fixture.change(({ jobs }) => {
        for (const job of Object.values(jobs)) job.state = 'done';
      });
      await page.locator('[data-export]').waitFor();
      fixture.exported.push({ ...EXPORTED, json: 'Evening_riff 8_92 bpm.json' });
      fixture.change(({ jobs }) => {
        for (const [id, job] of Object.entries(jobs)) {
          delete jobs[id];
          jobs['00000000-0000-4000-8000-00000000feed'] = job;
        }
      });
      await page.locator('[data-export]').nth(1).waitFor();
    }));

  test('a riff without loops is not offered', () =>
    withPage('empty', { viewport: DESKTOP }, async ({ page }) => {
      await page.getByRole('button', { name: 'Export' }).first().click();
      const choice = page.getByLabel('What', { exact: true });
      expect(await choice.inputValue()).toBe('8');
      expect(await choice.locator('option[value="0"]').isDisabled()).toBeTrue();
    }));
});
