/** What became of the session when its head moved, in a sentence for those who hear it only. */
import type { RiffRow } from '../../protocol/state.ts';
import { riffWords } from '../music/words.ts';

interface Way {
  readonly isUndone: boolean;
  readonly isRedone: boolean;
}

type Step = Pick<RiffRow, 'parentId' | 'cause' | 'slot' | 'bars' | 'label'>;

/** Of the row where the head is now; undefined = older than those that the page holds. */
export const stepWords = (row: Step | undefined, before: string, way: Way): string => {
  const { before: words, slot } = row ? riffWords(row) : { before: 'an older step', slot: null };
  const step = slot === null ? words : `${words} slot ${slot + 1}`;
  if (way.isUndone) return `Undone. Now at: ${step}`;
  if (way.isRedone) return `Redone: ${step}`;
  return row?.parentId === before ? step : `Loaded: ${step}`;
};
