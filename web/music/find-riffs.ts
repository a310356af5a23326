/** Whether a riff is what the player looks for: every word is in its line, its slot or its names. */
import type { RiffRow } from '../../protocol/state.ts';
import { riffWords } from './words.ts';

export const isRiffLike = (
  riff: Pick<RiffRow, 'cause' | 'slot' | 'bars' | 'label'>,
  nameOf: (slot: number) => string,
  wanted: string,
): boolean => {
  const { before, slot } = riffWords(riff);
  const into = slot === null ? '' : `${slot + 1} ${nameOf(slot)}`;
  const line = `${before} ${into} ${riff.label}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => line.includes(word));
};
