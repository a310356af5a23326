import { expect, test } from 'bun:test';
import { isReliabilityFresh, orphans, reliabilityPage } from '../faults/reliability.ts';

test('RELIABILITY.md says what the results of the fault rigs say', () => {
  expect(isReliabilityFresh()).toBe(true);
});

test('every result is of a row that there is', () => {
  expect(orphans()).toEqual([]);
});

test('a page of other results is another page', () => {
  expect(reliabilityPage([])).not.toBe(reliabilityPage());
});
