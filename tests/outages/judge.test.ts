/** What judges the outages finds what is planted. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultFile } from '../faults/result-file.ts';
import { promised } from '../faults/row.ts';
import { until, withCleanup } from '../judge/product.ts';
import { MARK, marked } from '../plugins/faults/processes.ts';
import { lostFaults } from './stand/books.ts';
import { censusOf } from './stand/family.ts';
import { LateBlocks } from './stand/late-blocks.ts';
import { quantile, tableOf } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowzone-judge-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(process.platform !== 'linux')('an orphan is found, and a child is none', () =>
  withCleanup(async (later) => {
    const mark = `judge-${process.pid}`;
    const stdio: ['ignore', 'ignore', 'ignore'] = ['ignore', 'ignore', 'ignore'];
    // A shell that waits for its child; nobody tells the child when it is left.
    const env = { ...process.env, [MARK]: mark };
    const parent = Bun.spawn(['sh', '-c', 'sleep 60; true'], { env, stdio });
    later(() => {
      for (const { pid } of marked(mark)) process.kill(pid, 'SIGKILL');
    });
    const both = () => marked(mark).some(({ command }) => command === 'sleep 60');
    await until('both are there', both, 20_000);
    expect(censusOf(mark, parent.pid).orphans).toEqual([]);
    expect(censusOf(mark, null).orphans).toHaveLength(2);
    parent.kill('SIGKILL');
    await parent.exited;
    const { orphans } = censusOf(mark, parent.pid);
    expect(orphans.map(({ command }) => command)).toEqual(['sleep 60']);
  }),
);

test('a block that is late is forgiven, more than one is missed', () => {
  const of = (lostFrames: number) => lostFaults({ ms: 0, frames: 0, xruns: 0, lostFrames });
  expect(of(128)).toEqual([]);
  expect(of(129)).toHaveLength(1);
});

test('late blocks count when they come often with outages, not when one trial has many', () => {
  const of = (...pairs: [number, number][]) => {
    const late = new LateBlocks();
    for (const [outage, control] of pairs) late.add({ xruns: outage }, { xruns: control });
    return late.faults();
  };
  expect(of([90, 0], [0, 2], [0, 1])).toEqual([]);
  expect(of([1, 0], [0, 1], [2, 1], [1, 2], [1, 1], [0, 0])).toEqual([]);
  expect(of([9, 0], [8, 1], [9, 0], [7, 0], [9, 2], [9, 0])).toHaveLength(1);
});

test('the table tells medians, and how many starts they are', () => {
  expect([quantile([3, 1, 2], 0.5), quantile([1, 2, 3], 0.95), quantile([], 0.5)]).toEqual([
    2,
    3,
    Number.NaN,
  ]);
  const file = new ResultFile(folder, promised('gateway x', 'x', 'y'), { seed: 1, isFresh: true });
  for (const portMs of [100, 300, 200]) {
    file.add({ seed: 1, ms: 1, faults: [], counts: { portMs, plainMs: 100 } });
  }
  const [head = '', row = ''] = tableOf([file.result]).split('\n');
  expect(head).toMatch(/^row +trials +port ms p50\/p95 +÷ plain start +commit$/);
  expect(row).toMatch(/^gateway x +3 +kept +200 \/ 300 +2\.00 +\S/);
});
