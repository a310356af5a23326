import { expect, test } from 'bun:test';
import { judgeMates, type MatesRow } from './judge-mates.ts';

const row = (how: Partial<MatesRow>): MatesRow => ({
  offender: 'Crash',
  outages: 2,
  outagesAfter: 0,
  falls: 5,
  wereTogether: true,
  isQuarantined: true,
  ...how,
});

test('two outages and none after them are as they should be', () => {
  expect(judgeMates(row({}))).toEqual([]);
  expect(judgeMates(row({ outages: 1 }))).toEqual([]);
});

test.each([
  [{ outages: 3 }, 'lost their process 3 times'],
  [{ outages: 0 }, 'counts nothing'],
  [{ outagesAfter: 1 }, '1 times after that'],
  [{ isQuarantined: false }, 'never put into a process of its own'],
  [{ wereTogether: false }, 'nothing is proved'],
] as const)('%p is found', (how, words) => {
  const faults = judgeMates(row(how));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(words);
});
