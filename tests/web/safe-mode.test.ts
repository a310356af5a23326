/** Safe Mode on the page, before a stand-in of the gateway: why, suspects, and the way out. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { makeStands } from '../support/page-stand.ts';

const { desktop } = makeStands();

const SAFE = {
  step: 1,
  reason: 'The engine stopped three times within a minute.',
  suspects: ['the audio device (jack)'],
  sinceMs: 0,
};

test('it is said with its reason and its suspects, can be left, and goes when it is over', () =>
  desktop(async ({ page, fixture, sent }) => {
    const note = page.getByRole('list', { name: 'Notes' }).getByText('three times within a minute');
    fixture.change((state) => {
      Object.assign(state.meta, { mode: 'SAFE', safe: SAFE });
    });
    await note.waitFor();
    expect(await note.textContent()).toContain('It was about the audio device (jack).');
    await page.getByRole('button', { name: 'Leave' }).click();
    await until('it was left', () => sent('LEAVE_SAFE_MODE').length === 1);
    await note.waitFor({ state: 'detached' });

    // The note is gone; the sheet has the way out all the same.
    await page.locator('[aria-label="Bar line, latency, metronome"]').click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await until('it was left again', () => sent('LEAVE_SAFE_MODE').length === 2);
    fixture.change((state) => {
      Object.assign(state.meta, { mode: 'NORMAL', safe: null });
    });
    await page.getByRole('button', { name: 'Leave' }).waitFor({ state: 'detached' });
  }));
