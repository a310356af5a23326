/** What counts as tried, and what as found. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultFile } from './result-file.ts';
import type { Counts, Rig, TrialResult } from './rig.ts';
import { control, promised } from './row.ts';
import { outcome, runRow } from './run-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowzone-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rigOf = (trial: () => Promise<TrialResult>) => ({
  missing: () => null,
  open: () => Promise.resolve({ trial, close: () => Promise.resolve([]) }),
});
const breaksOff = rigOf(() => Promise.reject(new Error('no disk')));
const GONE = 'what is needed was removed';
const finding = (...faults: string[]) => rigOf(() => Promise.resolve({ faults, counts: {} }));
const finds = finding('life 7: audio/a.wav is gone');

const run = (row: ReturnType<typeof control>) =>
  runRow(row, new ResultFile(folder, row, { seed: 1, isFresh: true }), {
    trials: 2,
    mayGoOn: () => true,
    say: () => undefined,
  });

test('a trial that breaks off counts against a promise', async () => {
  const result = await run(promised('1', 'x', 'y', { short: 1, full: 2, rig: breaksOff }));
  expect([result.losses, outcome(result)]).toEqual([2, 'broken']);
});

test('and is no proof that a control was found: that is a fault the judge told', async () => {
  await expect(run(control('2', 'x', GONE, breaksOff))).rejects.toThrow('no disk');
  expect(outcome(await run(control('3', 'x', GONE, finds)))).toBe('kept');
});

test('what the judge found counts also where nothing was made to fail, and is no proof of a control', async () => {
  const untried = 'nothing was made to fail';
  const both = () => Promise.resolve({ faults: ['a take is lost'], counts: {}, untried });
  const result = await run(promised('6', 'x', 'y', { short: 1, full: 2, rig: rigOf(both) }));
  const told = ['a take is lost', untried];
  expect(result.trials.map(({ faults }) => faults)).toEqual([told, told]);
  await expect(run(control('7', 'x', GONE, rigOf(both)))).rejects.toThrow(untried);
});

test('a control is found by the kinds of fault it names, and goes on after any other', async () => {
  const other = finding('Error: not within 20000 ms: all are answered', 'lost: a: no row');
  const missed = await run(control('8', 'x', GONE, other));
  expect([missed.losses, missed.trials.length, outcome(missed)]).toEqual([0, 2, 'broken']);
  const row = control('9', 'x', [GONE, 'a take without its row'], other);
  const found = await run(row);
  expect([found.losses, found.trials.length, outcome(found)]).toEqual([1, 1, 'kept']);
});

const counting = (...counts: Counts[]) => {
  let at = -1;
  return rigOf(() => Promise.resolve({ faults: [], counts: counts[(at += 1)] ?? {} }));
};
const promise = (rig: Rig) => run(promised('4', 'x', 'y', { short: 1, full: 2, rig }));

test('a trial in which nothing was judged is broken', async () => {
  expect((await promise(counting({ judged: 1 }, { judged: 0 }))).losses).toBe(1);
  expect((await promise(counting({ judged: 1 }, { judged: 2 }))).losses).toBe(0);
});

test('where one trial may have none, all together must have some', async () => {
  expect((await promise(counting({ acks: 0 }, { acks: 0 }))).losses).toBe(1);
  expect((await promise(counting({ acks: 0 }, { acks: 3 }))).losses).toBe(0);
});

test('nothing judged is no proof that a control was found', async () => {
  const result = await run(control('5', 'x', GONE, counting({ judged: 0 }, { acks: 0 })));
  expect(outcome(result)).toBe('broken');
});
