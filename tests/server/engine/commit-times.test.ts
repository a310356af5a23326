import { expect, test } from 'bun:test';
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { AppState } from '../../../protocol/state.ts';
import { CommitTimes } from '../../../server/engine/commit-times.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { makeEvent } from '../session/core-event.ts';

const ID = [1, 2, 3, 4];

const makeStage = () => {
  const at = { frame: 0 };
  const slots = [{ takeId: null }, { takeId: idOfWords(ID) }] as unknown as AppState['slots'];
  const times = new CommitTimes({ rateHz: 48_000, frame: () => at.frame, slots: () => slots });
  const saved = (slot: number, value = true) =>
    times.onMessage({
      t: 'patch',
      epoch: 'e',
      fromRev: 1,
      revId: 2,
      ops: [{ op: 'replace', path: `/slots/${slot}/saved`, value }],
    });
  const captured = (code = 0) =>
    times.onEvents([makeEvent({ kind: EVENT_KIND.captured, code, id: ID, toFrame: 96_000 })]);
  const count = () => times.histogram.figures.counts.reduce((sum, each) => sum + each, 0);
  return { at, captured, count, saved, times };
};

test('the time until a loop is saved begins where its window ended, and is counted once', () => {
  const { at, captured, count, saved, times } = makeStage();
  captured();
  at.frame = 96_000 + 4800;
  saved(1, false);
  expect(count()).toBe(0);
  saved(1);
  saved(1);
  expect(count()).toBe(1);
  expect(times.histogram.figures.sum).toBeCloseTo(0.1, 6);
});

test('a loop that was not captured in this life, and a refused capture, are not counted', () => {
  const { captured, count, saved } = makeStage();
  saved(1);
  captured(2008);
  saved(1);
  saved(0);
  expect(count()).toBe(0);
});

test('one that is told before its window is over took no time', () => {
  const { at, captured, saved, times } = makeStage();
  captured();
  at.frame = 95_000;
  saved(1);
  expect(times.histogram.figures.sum).toBe(0);
});
