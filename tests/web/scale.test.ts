/** Scales as pads: every note is of the scale, rows overlap, and nothing lies above what instruments have. */
import { describe, expect, test } from 'bun:test';
import { isRoot, padNotes, rowSteps, SCALES, semitonesAt } from '../../web/music/scale.ts';

describe('pads of a scale', () => {
  test('of C minor lie as on the picture: three steps up a row', () => {
    expect(padNotes(48, 'minor', 4, 4)).toEqual([
      63, 65, 67, 68, 58, 60, 62, 63, 53, 55, 56, 58, 48, 50, 51, 53,
    ]);
  });

  test.each(Object.keys(SCALES))('%s: every pad is in it, whatever the root', (name) => {
    for (let root = 0; root < 12; root++) {
      for (const note of padNotes(36 + root, name, 8, 4)) {
        expect(SCALES[name]).toContain((note - root) % 12);
      }
    }
  });

  test.each(Object.keys(SCALES))('%s: a row is where the one below has gone on to', (name) => {
    const notes = padNotes(36, name, 8, 4);
    for (let index = 0; index < 24; index++) {
      const below = index + 8 + rowSteps(name);
      if (index % 8 < 8 - rowSteps(name)) expect(notes[index]).toBe(notes[below] ?? -1);
    }
  });

  test('above the highest note there are none', () => {
    const notes = padNotes(110, 'major', 8, 4);
    expect(Math.max(...notes)).toBeLessThanOrEqual(127);
    expect(notes.length).toBeLessThan(32);
  });

  test('a scale that is not known is every note', () => {
    expect(semitonesAt('of an older page', 13)).toBe(13);
  });

  test('steps below the root go down', () => {
    expect(semitonesAt('minor', -1)).toBe(-2);
  });

  test('roots are found in every octave', () => {
    expect([48, 60, 61, 72].map((note) => isRoot(note, 0))).toEqual([true, true, false, true]);
  });
});
