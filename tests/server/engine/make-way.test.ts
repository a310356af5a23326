import { expect, test } from 'bun:test';
import type { EngineStatus } from '../../../server/engine/flow-core.ts';
import { makeWayWatch } from '../../../server/engine/make-way.ts';

const statusOf = (owedSeconds: number): EngineStatus =>
  ({
    sampleRateHz: 44_100,
    framesIn: 1_000_000,
    framesGap: 100_000,
    framesDurable: 900_000 - owedSeconds * 44_100,
  }) as EngineStatus;

const watched = (makesWay: boolean) => {
  const session = { isSettled: true };
  const store = { waitingCount: 0 };
  let times = 0;
  const watch = makeWayWatch({ started: { makesWay }, session, store, onSafe: () => (times += 1) });
  return { session, store, watch, times: () => times };
};

test('a stand-in makes way once, and not before sound, captures and steps are safe', () => {
  const { session, store, times, watch } = watched(true);
  watch(statusOf(5));
  session.isSettled = false;
  watch(statusOf(1));
  session.isSettled = true;
  store.waitingCount = 1;
  watch(statusOf(1));
  expect(times()).toBe(0);
  store.waitingCount = 0;
  watch(statusOf(1));
  watch(statusOf(1));
  expect(times()).toBe(1);
});

test('any other device stays', () => {
  const { times, watch } = watched(false);
  watch(statusOf(0));
  expect(times()).toBe(0);
});
