import { expect, test } from 'bun:test';
import { isReliabilityFresh, orphans, reliabilityPage, TOLD_ROWS } from '../faults/reliability.ts';
import type { Result } from '../faults/result-file.ts';
import { ROWS } from '../faults/rows.ts';

test('RELIABILITY.md says what the results of the fault rigs say', () => {
  expect(isReliabilityFresh()).toBe(true);
});

test('every result is of a row that there is', () => {
  expect(orphans()).toEqual([]);
});

test('a page of other results is another page', () => {
  expect(reliabilityPage([])).not.toBe(reliabilityPage());
});

test('a row that left no result is listed as not tried', () => {
  const [first] = ROWS;
  const line = `| ${first?.id} | ${first?.fault} | ${first?.promise} | not run yet |`;
  expect(reliabilityPage([])).toContain(line);
  expect(reliabilityPage([]).match(/not run yet/g)).toHaveLength(TOLD_ROWS.length);
});

const resultOf = (more: Partial<Result>): Result => ({
  row: '1 quiet',
  fault: 'x',
  promise: 'no gap',
  kind: 'promise',
  seed: 1,
  start: '2026-01-01',
  end: '2026-01-01',
  machine: 'm',
  planned: 1,
  skipped: null,
  losses: 0,
  counts: {},
  trials: [{ seed: 1, ms: 1, faults: [], counts: {} }],
  ...more,
});

test('what a row could not show stands beside its promise', () => {
  const remarks = ['the engine grows by 900 ± 300 KB an hour: not shown'];
  const page = reliabilityPage([
    resultOf({ trials: [{ seed: 1, ms: 1, faults: [], counts: {}, remarks }] }),
  ]);
  expect(page).toContain(`| no gap. **${remarks[0]}** |`);
});

test('outages of processes have a part of their own', () => {
  const page = reliabilityPage([resultOf({ row: 'gateway killed', promise: 'heard on' })]);
  const [, processes = ''] = page.split('## Processes');
  expect(processes.split('## Clients')[0]).toContain('| gateway killed | x | heard on |');
});

test('a control says by what it is found', () => {
  const finds = ['a take without its row'] as const;
  const page = reliabilityPage([resultOf({ row: '16 wal', kind: 'control', finds, losses: 1 })]);
  expect(page).toContain('| 16 wal | x | a take without its row | 1 trial |');
});
