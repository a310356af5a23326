/** Where the frames of the past are looked for: also in the files of takes that have them. */
import { describe, expect, test } from 'bun:test';
import { type Take, Takes } from '../../../server/session/takes/takes.ts';
import { makeTake } from '../store/samples.ts';

const WINDOW = 'aa'.repeat(32);
const ROLLS = 'bb'.repeat(32);
const BAR = 96_000;

/** A take of so many bars from a bar on, in files with a bar before and one after. */
const withFiles = (takes: Takes, id: string, fromBar: number, bars: number, more = {}): void => {
  const fromFrame = fromBar * BAR;
  const toFrame = fromFrame + bars * BAR;
  takes.add({ ...makeTake(id), fromFrame, toFrame, bars, lengthBeats: 4 * bars, ...more });
  const file = { takeId: id, bytes: 0 };
  takes.setFile({ ...file, part: 'window', sha256: WINDOW, preFrames: 0 });
  takes.setFile({ ...file, part: 'rolls', sha256: ROLLS, preFrames: BAR });
};

const wish = (fromBar: number, toBar: number, more: Partial<Take> = {}): Take => ({
  ...makeTake('wish'),
  fromFrame: fromBar * BAR,
  toFrame: toBar * BAR,
  ...more,
});

describe('the files that may hold a range', () => {
  test('are those of the take that has most of it, with what was kept around', () => {
    const takes = new Takes('/data');
    withFiles(takes, 'a', 2, 4);
    withFiles(takes, 'b', 5, 1);
    expect(takes.range(wish(1, 5))).toMatchObject({
      takePath: `/data/audio/${WINDOW}.wav`,
      takeRollsPath: `/data/audio/${ROLLS}.wav`,
      takeFromFrame: 2 * BAR,
      takeToFrame: 6 * BAR,
      takePreFrames: BAR,
    });
    expect(takes.range(wish(6, 7))).toMatchObject({ takeFromFrame: 2 * BAR });
    expect(takes.range(wish(6, 8))).toMatchObject({ takeFromFrame: 2 * BAR });
    withFiles(takes, 'c', 8, 2);
    expect(takes.range(wish(6, 9))).toMatchObject({ takeFromFrame: 8 * BAR });
  });

  test('are none of another run, another source, of what was made of others, or of no file', () => {
    const none = { takePath: '', takeRollsPath: '', takeFromFrame: 0, takeToFrame: 0 };
    for (const more of [{ runId: 'cd'.repeat(16) }, { source: 1 }]) {
      const takes = new Takes('/data');
      withFiles(takes, 'a', 2, 4);
      expect(takes.range(wish(2, 4, more))).toMatchObject(none);
      expect(takes.range(wish(7, 8))).toMatchObject(none);
      expect(takes.range(wish(6, 7))).not.toMatchObject(none);
    }
    const takes = new Takes('/data');
    takes.add({ ...makeTake('a'), fromFrame: 0, toFrame: 9 * BAR });
    const recipe = { kind: 'merge', lengthBeats: 16, framesPerBeat: 24_000, layers: [] } as const;
    withFiles(takes, 'b', 0, 9, { recipe });
    expect(takes.range(wish(2, 4))).toMatchObject(none);
  });

  test('have no more than their window until the rolls are there', () => {
    const takes = new Takes('/data');
    takes.add({ ...makeTake('a'), fromFrame: 0, toFrame: 4 * BAR });
    const file = { takeId: 'a', bytes: 0, preFrames: 0, sha256: WINDOW } as const;
    takes.setFile({ ...file, part: 'window' });
    const path = `/data/audio/${WINDOW}.wav`;
    expect(takes.range(wish(3, 5))).toMatchObject({ takePath: path, takeRollsPath: '' });
    expect(takes.range(wish(4, 5))).toMatchObject({ takePath: '' });
  });
});
