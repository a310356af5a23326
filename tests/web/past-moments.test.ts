import { expect, test } from 'bun:test';
import type { PastRun } from '../../protocol/link.ts';
import { pastMoments } from '../../web/music/past-moments.ts';

const MINUTE = 60_000;
const RATE = 48_000;
/** A bar of four beats at 120 bpm lasts two seconds. */
const grid = { fromFrame: 0, lineFrame: 0, lineBeat: 0, lineBar: 0, beatsPerBar: 4 };

const runOf = (minutes: number, change: Partial<PastRun> = {}): PastRun => ({
  runId: 'a',
  now: true,
  rateHz: RATE,
  startedMs: 100 * MINUTE,
  kept: [{ fromFrame: 0, toFrame: minutes * 60 * RATE }],
  gapFrames: 0,
  grids: [{ ...grid, framesPerBeat: RATE / 2 }],
  ...change,
});

const told = (runs: readonly PastRun[]) =>
  pastMoments(runs).map(({ atMs, bar, runId }) => [runId, atMs / MINUTE, bar]);

test('every ten minutes by the clock, the newest first, and the beginning of the run', () => {
  const run = runOf(26, { startedMs: 103 * MINUTE });
  expect(told([run])).toEqual([
    ['a', 120, (17 * 60) / 2],
    ['a', 110, (7 * 60) / 2],
    ['a', 103, 0],
  ]);
  expect(pastMoments([run])[0]?.lastBar).toBe((26 * 60) / 2 - 1);
});

test('the newest run first; bars after a change of tempo are counted as they were played', () => {
  const half = { ...grid, fromFrame: 600 * RATE, lineFrame: 600 * RATE, lineBar: 300 };
  const earlier = runOf(30, {
    runId: 'b',
    now: false,
    startedMs: 0,
    grids: [
      { ...grid, framesPerBeat: RATE / 2 },
      { ...half, framesPerBeat: RATE },
    ],
  });
  expect(told([earlier, runOf(1)])).toEqual([
    ['a', 100, 0],
    ['b', 30, 300 + (20 * 60) / 4 - 1],
    ['b', 20, 300 + (10 * 60) / 4],
    ['b', 10, 300],
    ['b', 0, 0],
  ]);
});

test('what was removed for its age is not offered, nor a run whose bars nobody knows', () => {
  const late = runOf(30, { kept: [{ fromFrame: 15 * 60 * RATE, toFrame: 30 * 60 * RATE }] });
  expect(told([late])).toEqual([
    ['a', 130, (30 * 60) / 2 - 1],
    ['a', 120, (20 * 60) / 2],
    ['a', 115, (15 * 60) / 2],
  ]);
  expect(told([runOf(10, { grids: [] })])).toEqual([]);
  expect(told([runOf(0, { kept: [] })])).toEqual([]);
});
