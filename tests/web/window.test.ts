import { describe, expect, test } from 'bun:test';
import { autoTarget, captureWindow, earlyBeats, type PressMoment } from '../../web/music/window.ts';

const press = (change: Partial<PressMoment>): PressMoment => ({
  beat: 18,
  barStartBeat: 16,
  beatsPerBar: 4,
  beatsPerMs: 120 / 60_000,
  bars: 4,
  isQuantized: true,
  oldestBeat: Number.NEGATIVE_INFINITY,
  ...change,
});
const windowOf = (change: Partial<PressMoment>) =>
  captureWindow(press(change), { fromBeat: 0, toBeat: 0, bars: 0 });

describe('the cut shown is the cut a press takes', () => {
  test('in the middle of a bar the window ends at the last line', () => {
    expect(windowOf({})).toEqual({ fromBeat: 0, toBeat: 16, bars: 4 });
  });

  test('shortly before a line it ends at the coming one, shortly after at the one just passed', () => {
    expect(windowOf({ beat: 19.6 }).toBeat).toBe(20);
    expect(windowOf({ beat: 20.4 }).toBeat).toBe(20);
  });

  test('the early window is a quarter of a bar or half a second, whichever is less', () => {
    expect(earlyBeats(4, 120 / 60_000)).toBe(1);
    expect(earlyBeats(4, 60 / 60_000)).toBe(0.5);
    expect(earlyBeats(4, 300 / 60_000)).toBe(1);
    expect(windowOf({ beat: 18.99 }).toBeat).toBe(16);
    expect(windowOf({ beat: 19 }).toBeat).toBe(20);
    expect(windowOf({ beat: 19.4, beatsPerMs: 60 / 60_000 }).toBeat).toBe(16);
    expect(windowOf({ beat: 19.5, beatsPerMs: 60 / 60_000 }).toBeat).toBe(20);
  });

  test('free, it ends at the press itself', () => {
    expect(windowOf({ isQuantized: false, beat: 18.3 })).toEqual({
      fromBeat: 2.3000000000000007,
      toBeat: 18.3,
      bars: 4,
    });
  });

  test('it holds only whole bars that were heard; nothing heard is nothing to take', () => {
    expect(windowOf({ oldestBeat: 5 })).toEqual({ fromBeat: 8, toBeat: 16, bars: 2 });
    expect(windowOf({ oldestBeat: 8.0004 }).bars).toBe(2);
    expect(windowOf({ oldestBeat: 14 }).bars).toBe(0);
  });

  test('a bar line given anywhere on the grid is enough, also before beat 0', () => {
    expect(windowOf({ barStartBeat: 96, beat: 18 }).toBeat).toBe(16);
    expect(windowOf({ barStartBeat: 0, beat: -1.5, bars: 1 })).toEqual({
      fromBeat: -8,
      toBeat: -4,
      bars: 1,
    });
  });
});

test('auto goes into the first slot that is empty and not recording', () => {
  const slot = (state: string, takeId: string | null) => ({ state, takeId });
  expect(autoTarget([slot('PLAYING', 'a'), slot('EMPTY', null)])).toBe(1);
  expect(autoTarget([slot('RECORDING', null), slot('EMPTY', null)])).toBe(1);
  expect(autoTarget([slot('MUTED', 'a')])).toBe(-1);
});
