/** The history on the page: its rows, and what is looked for and carried in it. */
import type { Locator } from 'playwright-core';
import type { RiffRow } from '../../protocol/state.ts';
import { at } from './at.ts';
import type { Stand } from './page-stand.ts';

export const find = ({ page }: Stand) =>
  page.getByRole('searchbox', { name: 'Find in the history' });
export const rows = ({ page }: Stand) => page.locator('[data-riff]');

/** A riff of before those that the page holds. */
export const oldRiff: RiffRow = {
  id: '00000000-0000-4000-8000-00000000f001',
  parentId: null,
  seq: -1,
  tsMs: 1_700_000_000_000,
  cause: 'PLUGIN_LOAD',
  slot: null,
  bars: 0,
  label: 'Loaded Tape Echo',
  slots: [],
  marked: false,
};

export const loopRow = (stand: Stand, place: number) => {
  const riff = at(
    stand.fixture.state().history.newest.filter(({ cause }) => cause === 'CAPTURE'),
    place,
  );
  const held = riff.slots.find(({ slot }) => slot === riff.slot);
  return { row: stand.page.locator(`[data-riff="${riff.id}"]`), takeId: held?.takeId ?? '' };
};

export const middle = async (what: Locator) => {
  const box = await what.boundingBox();
  if (!box) throw new Error('it is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
