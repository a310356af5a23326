/** Where bars lay, and the line of their sound. */
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../protocol/limits.ts';
import { barOutline, OUTLINE_COLUMNS } from '../../web/music/bar-outline.ts';
import { makeBarLog } from '../../web/sync/make-bar-log.ts';
import { makeStripStore } from '../../web/sync/make-strip-store.ts';

describe('the bars of a run', () => {
  test('nothing is known before the first', () => {
    expect(makeBarLog().place(0)).toBeUndefined();
  });

  test('are evenly spaced, backwards too', () => {
    const log = makeBarLog();
    for (let bar = 5; bar < 9; bar++) log.note(bar, 100 + 4 * bar, 4);
    expect(log.place(2)).toEqual({ fromBeat: 108, beats: 4 });
    expect(log.place(8)).toEqual({ fromBeat: 132, beats: 4 });
  });

  test('stay where they were when the meter and then the bar line are changed', () => {
    const log = makeBarLog();
    log.note(4, 16, 4);
    log.note(6, 24, 3);
    log.note(7, 27, 3);
    log.note(8, 31, 3);
    expect(log.place(5)).toEqual({ fromBeat: 20, beats: 4 });
    expect(log.place(6)).toEqual({ fromBeat: 24, beats: 3 });
    expect(log.place(7)).toEqual({ fromBeat: 27, beats: 3 });
    expect(log.place(9)).toEqual({ fromBeat: 34, beats: 3 });
  });

  test('a bar that was noted wrongly for a moment is put right, and another run begins anew', () => {
    const log = makeBarLog();
    log.note(4, 16, 4);
    log.note(5, 21, 3);
    log.note(5, 20, 4);
    expect(log.place(6)).toEqual({ fromBeat: 24, beats: 4 });
    log.note(0, 500, 4);
    expect(log.place(3)).toEqual({ fromBeat: 512, beats: 4 });
  });
});

describe('the outline of a bar', () => {
  const perBar = 4 * LIMITS.bucketsPerBeat;

  test('rises where it was loud', () => {
    const strip = makeStripStore();
    for (let index = 0; index < 2 * perBar; index++) {
      const isLoud = index >= perBar && index < 1.5 * perBar;
      strip.put(index, isLoud ? -0.5 : 0, isLoud ? 1 : 0);
    }
    const points = (bar: number) =>
      (barOutline(strip, { fromBeat: 4 * bar, beats: 4 }) ?? '').split(' ');
    expect(points(1)).toHaveLength(2 * OUTLINE_COLUMNS);
    expect(points(1)[0]).toBe('0.5,-1.00');
    expect(points(1).at(-1)).toBe('0.5,0.66');
    expect(points(1)[OUTLINE_COLUMNS - 1]).toBe('31.5,-0.03');
    expect(points(0)[0]).toBe('0.5,-0.03');
  });

  test('is not there for a bar that the page has not heard from its start', () => {
    const strip = makeStripStore();
    for (let index = 10; index < 3 * perBar; index++) strip.put(index, 0, 0);
    expect(barOutline(strip, { fromBeat: 0, beats: 4 })).toBeUndefined();
    expect(barOutline(strip, { fromBeat: 4, beats: 4 })).toBeDefined();
    expect(barOutline(strip, { fromBeat: 16, beats: 4 })).toBeUndefined();
  });
});
