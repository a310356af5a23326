import { expect, test } from 'bun:test';
import { reliabilityPage, isReliabilityFresh } from '../faults/reliability.ts';

test('RELIABILITY.md says what the results of the fault rigs say', () => {
  expect(isReliabilityFresh()).toBe(true);
});

test('a page of other results is another page', () => {
  expect(reliabilityPage([])).not.toBe(reliabilityPage());
});
