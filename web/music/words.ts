/** Sentences of the page: bars, times, riffs. Slots are counted from 1 for people. */
import type { RiffRow, SlotOf } from '../../protocol/state.ts';

export const barsText = (bars: number): string => `${trim(bars)} ${bars === 1 ? 'bar' : 'bars'}`;

/** At most one decimal, none when whole. */
export const trim = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(1);

export const slotName = (slot: Pick<SlotOf, 'name'> | undefined): string => slot?.name ?? '';

const pad = (value: number) => String(value).padStart(2, '0');

/** "just now", "4 min ago", then the clock; older than a day with its date. */
export const agoText = (tsMs: number, nowMs: number): string => {
  const seconds = Math.max(0, (nowMs - tsMs) / 1000);
  if (seconds < 20) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const when = new Date(tsMs);
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}`;
  if (seconds < 86_400) return clock;
  return `${when.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
};

/** A riff's line as words before and after its slot's number: "8 bars into [5] Vox". */
export interface RiffWords {
  readonly before: string;
  readonly slot: number | null;
}

export const riffWords = (riff: Pick<RiffRow, 'cause' | 'slot' | 'bars' | 'label'>): RiffWords => {
  if (riff.cause === 'CAPTURE' && riff.slot !== null) {
    return { before: `${barsText(riff.bars)} into`, slot: riff.slot };
  }
  if (riff.cause === 'CLEAR' && riff.slot !== null) return { before: 'Cleared', slot: riff.slot };
  if (riff.cause === 'OVERDUB' && riff.slot !== null) {
    return { before: `${barsText(riff.bars)} over`, slot: riff.slot };
  }
  if (riff.cause === 'MERGE' && riff.slot !== null)
    return { before: 'Merged into', slot: riff.slot };
  if (riff.cause === 'TAIL' && riff.slot !== null) return { before: 'Tail of', slot: riff.slot };
  if (riff.cause === 'TEMPO_MODE' && riff.slot !== null) {
    return { before: 'Tempo mode of', slot: riff.slot };
  }
  if (riff.cause === 'ADJUST' && riff.slot !== null) return { before: 'Adjusted', slot: riff.slot };
  if (riff.cause === 'REACH_BACK' && riff.slot !== null) {
    return { before: `${barsText(riff.bars)} of the past into`, slot: riff.slot };
  }
  if (riff.cause === 'RESTORE' && riff.slot !== null) {
    return { before: `${barsText(riff.bars)} back in`, slot: riff.slot };
  }
  if (riff.cause === 'ROOT') return { before: 'The beginning', slot: null };
  if (riff.cause === 'PANIC') return { before: 'Emptied by Panic', slot: null };
  if (riff.cause === 'MIX') return { before: 'Mix kept', slot: null };
  return { before: riff.label || 'Tempo changed', slot: null };
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
