import { expect, test } from 'bun:test';
import { isReliabilityFresh, orphans, reliabilityPage } from '../faults/reliability.ts';
import { ROWS } from '../faults/rows.ts';
import { syncRows } from '../sync/rows.ts';

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
  expect(reliabilityPage([]).match(/not run yet/g)).toHaveLength(ROWS.length + syncRows().length);
});
