/** Words that say no more than is so. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { makeStands } from '../support/page-stand.ts';

const { desktop } = makeStands();

test('a command of any kind that got no answer is not called a capture', () =>
  desktop(async ({ fixture, page, sent }) => {
    fixture.held.isPaused = true;
    await page.getByRole('button', { name: 'M: mute slot 2' }).click();
    await until('the command', () => sent('MUTE_SLOT').length === 1);
    fixture.dropAll();
    const note = page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
    await note.getByText('No answer').waitFor();
    expect(await note.innerText()).not.toContain('strip');
  }));

test('a disk that is behind is told as buffering, not as memory', () =>
  desktop(async ({ fixture, page }) => {
    fixture.change((state) => {
      state.system.diskBufferUsage = 0.34;
    });
    await page.getByRole('button', { name: 'Buffering 34 %' }).waitFor();
  }));
