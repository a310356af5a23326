/** Whether a riff is what the player looks for: every word is in its line, its slot, its names, its hour. */
import type { RiffRow } from '../../protocol/state.ts';
import { riffWords } from './words.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** By this device's clock; the server, which knows more, has its own. */
const hourText = (tsMs: number): string => {
  const at = new Date(tsMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
};

/** A number is looked for as a whole: 2 is not found in 12. */
const isIn = (line: string, word: string): boolean =>
  /^\d+$/.test(word) ? ` ${line} `.includes(` ${word} `) : line.includes(word);

export const isRiffLike = (
  riff: Pick<RiffRow, 'cause' | 'slot' | 'bars' | 'label' | 'mark' | 'tsMs'>,
  nameOf: (slot: number) => string,
  wanted: string,
): boolean => {
  const { before, slot } = riffWords(riff);
  const into = slot === null ? '' : `${slot + 1} ${nameOf(slot)}`;
  const line = `${before} ${into} ${riff.label} ${riff.mark ?? ''} ${hourText(riff.tsMs)}`;
  const words = wanted.toLowerCase().split(/\s+/);
  return words.every((word) => isIn(line.toLowerCase(), word));
};
