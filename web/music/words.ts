/** Sentences of the page: bars, riffs. Slots are counted from 1 for people. */
import type { RiffRow, SlotOf } from '../../protocol/state.ts';

export const barsText = (bars: number): string => `${trim(bars)} ${bars === 1 ? 'bar' : 'bars'}`;

/** At most one decimal, none when whole. */
export const trim = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(1);

/** A riff's line as words before and after its slot's number: "8 bars into [5] Vox". */
export interface RiffWords {
  readonly before: string;
  readonly slot: number | null;
}

const INTO_SLOT: Partial<Record<RiffRow['cause'], (bars: string) => string>> = {
  CAPTURE: (bars) => `${bars} into`,
  CLEAR: () => 'Cleared',
  OVERDUB: (bars) => `${bars} over`,
  MERGE: () => 'Merged into',
  TAIL: () => 'Tail of',
  TEMPO_MODE: () => 'Tempo mode of',
  ADJUST: () => 'Adjusted',
  REACH_BACK: (bars) => `${bars} of the past into`,
  RESTORE: (bars) => `${bars} back in`,
};

const OF_NO_SLOT: Partial<Record<RiffRow['cause'], string>> = {
  ROOT: 'The beginning',
  PANIC: 'Emptied by Panic',
  MIX: 'Mix kept',
};

export const riffWords = ({
  bars,
  cause,
  label,
  slot,
}: Pick<RiffRow, 'cause' | 'slot' | 'bars' | 'label'>): RiffWords => {
  const into = slot === null ? undefined : INTO_SLOT[cause]?.(barsText(bars));
  if (into !== undefined) return { before: into, slot };
  return { before: OF_NO_SLOT[cause] ?? (label || 'Tempo changed'), slot: null };
};

/** Accessible name of a pad: starts with what is visible, then says what a press does. */
export const padLabel = (
  index: number,
  slot: Pick<SlotOf, 'name' | 'takeId' | 'bars'>,
  word: string,
  bars: number,
): string => {
  const name = slot.name ? ` ${slot.name}` : '';
  const length = slot.takeId === null ? '' : `, ${barsText(slot.bars)}`;
  const what = bars === 1 ? 'the last bar' : `the last ${bars} bars`;
  return `${index + 1}${name}, ${word.toLowerCase()}${length}. Capture ${what}`;
};
