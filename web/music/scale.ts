/** Scales as pads: which notes lie where, so that neighbours fit together and none is wrong. */
import { NOTE_MAX } from '../input/note-keys.ts';

const OCTAVE = 12;

/** Semitones above the root. */
export const SCALES: Readonly<Record<string, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  'harmonic minor': [0, 2, 3, 5, 7, 8, 11],
  'major pentatonic': [0, 2, 4, 7, 9],
  'minor pentatonic': [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
  chromatic: Array.from({ length: OCTAVE }, (_, semitone) => semitone),
};

/** Of a scale that this page does not know, as of one that an older page has kept: the chromatic one. */
const stepsOf = (scale: string): readonly number[] =>
  SCALES[scale] ?? Array.from({ length: OCTAVE }, (_, semitone) => semitone);

/** Semitones from the root to that step of the scale, over any number of octaves. */
export const semitonesAt = (scale: string, step: number): number => {
  const steps = stepsOf(scale);
  const octave = Math.floor(step / steps.length);
  return octave * OCTAVE + (steps[step - octave * steps.length] ?? 0);
};

/** A row up is a fourth or so up: three steps, as on a guitar; of the chromatic scale five. */
export const rowSteps = (scale: string): number => (stepsOf(scale).length === OCTAVE ? 5 : 3);

/** Notes of the pads, the highest row first, each from left to right; none that no instrument has. */
export const padNotes = (
  lowest: number,
  scale: string,
  columns: number,
  rows: number,
): readonly number[] =>
  Array.from({ length: rows * columns }, (_, index) => {
    const row = rows - 1 - Math.floor(index / columns);
    return lowest + semitonesAt(scale, row * rowSteps(scale) + (index % columns));
  }).filter((note) => note <= NOTE_MAX);

export const isRoot = (note: number, root: number): boolean => (note - root) % OCTAVE === 0;
