/** What a riff is found by: what it did, its star, its slot's name, tempo, meter, and when it was made. */
import type { Riff } from './riff.ts';

export interface FindNames {
  /** What a slot is called now. */
  readonly slot: (slot: number) => string;
  /** What the star of a riff is called; undefined = it has none. */
  readonly mark: (riffId: string) => string | undefined;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** By the clock of the computer that plays. */
const whenText = (tsMs: number): string => {
  const at = new Date(tsMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
};

const lineOf = (riff: Riff, names: FindNames): string => {
  const slot = riff.slot === null ? '' : names.slot(riff.slot);
  const { beats, unit } = riff.meter;
  const bpm = Math.round(riff.bpm * 10) / 10;
  const mark = names.mark(riff.id) ?? '';
  return `${riff.label} ${mark} ${slot} ${bpm} bpm ${beats}/${unit}`.toLowerCase();
};

/** A number is looked for as a whole: 2 is not found in 120. */
const isIn = (line: string, word: string): boolean =>
  /^\d+$/.test(word) ? ` ${line} `.includes(` ${word} `) : line.includes(word);

/** Every one of the words is in it. Times are written only for words that may be of one. */
export const makeFind = (wanted: string, names: FindNames): ((riff: Riff) => boolean) => {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const mayBeTime = words.some((word) => /^\d+[:-]/.test(word));
  return (riff) => {
    const line = mayBeTime ? `${lineOf(riff, names)} ${whenText(riff.tsMs)}` : lineOf(riff, names);
    return words.every((word) => isIn(line, word));
  };
};
