import { expect, test } from 'bun:test';
import { type Books, DRAIN_MS_MAX, drain } from '../../../server/engine/drain.ts';

const RATE = 48_000;

/** A core whose disk has so many seconds queued after each stop; each stop takes two seconds. */
const coreOf = (queuedSeconds: number[]) => {
  let stops = 0;
  let turns = 0;
  const logged: unknown[] = [];
  const books = (): Books => {
    const queued = queuedSeconds[Math.min(stops, queuedSeconds.length - 1)] ?? 0;
    return {
      framesDurable: (1000 - queued) * RATE,
      framesWritten: 0,
      framesQueued: queued * RATE,
      sampleRateHz: RATE,
    };
  };
  const left = drain({
    core: { now: () => 2000 * stops, stop: () => (stops += 1), status: books },
    log: (_, __, fields) => logged.push(fields?.['seconds']),
    onTurn: () => (turns += 1),
  });
  return { left, logged, stops: () => stops, turns: () => turns };
};

test('a disk that takes more is waited for until it has all, and the log says how much is left', async () => {
  const { left, logged, stops, turns } = coreOf([90, 60, 30, 5, 0]);
  expect(await left).toBe(0);
  expect(logged).toEqual([60, 30, 5]);
  expect([stops(), turns()]).toEqual([4, 4]);
});

test('a disk that takes nothing is waited for once', async () => {
  const { left, logged, stops } = coreOf([90]);
  expect(await left).toBe(90);
  expect([stops(), logged]).toEqual([1, []]);
});

test('one that stands still on the way is left with what it has', async () => {
  const { left, stops } = coreOf([90, 60, 60, 0]);
  expect(await left).toBe(60);
  expect(stops()).toBe(2);
});

test('nobody waits for ever for one that hardly moves', async () => {
  const { left, stops } = coreOf(Array.from({ length: 100 }, (_, turn) => 900 - turn));
  expect(await left).toBe(900 - DRAIN_MS_MAX / 2000);
  expect(stops()).toBe(DRAIN_MS_MAX / 2000);
});

test('with nothing owed it is over at once', async () => {
  const { left, stops } = coreOf([0]);
  expect(await left).toBe(0);
  expect(stops()).toBe(1);
});
