/** Whatever a sweep finds changed is told, in both directions. */
import { describe, expect, test } from 'bun:test';
import type { Row } from './check.ts';
import { type Expected, judgeList, judgeRows } from './judge.ts';
import { table } from './table.ts';

const EXPECTED: Expected = {
  bundles: 2,
  classes: { Maker: 2, Other: 1 },
  silent: { 'Maker: Meter': 'measures only' },
  stateRefused: { 'Other: Odd': 'refuses it' },
  stateDiffers: { 'Other: Odd': 'refuses it' },
  smoke: ['Maker: Room'],
};

const row = (vendor: string, name: string, more: Partial<Row> = {}): Row => ({
  bundle: `${vendor}.vst3`,
  classId: '0',
  vendor,
  name,
  failure: '',
  isSounding: true,
  isStateTaken: true,
  isStateIdentical: true,
  badSamples: 0,
  failedBlocks: 0,
  seconds: 1,
  figures: { createMs: 2, parametersDiffering: 0 },
  ...more,
});

const ROWS: readonly Row[] = [
  row('Maker', 'Room'),
  row('Maker', 'Meter', { isSounding: false }),
  row('Other', 'Odd', { isStateTaken: false, isStateIdentical: false }),
];

const changed = (name: string, more: Partial<Row>): readonly Row[] =>
  ROWS.map((each) => (each.name === name ? { ...each, ...more } : each));

describe('the judge of a sweep', () => {
  test('has nothing to say when all is as expected', () => {
    expect(judgeRows(ROWS, EXPECTED)).toEqual([]);
    expect(judgeList(['a', 'b'], ROWS, EXPECTED)).toEqual([]);
  });

  test('tells a class that crashed, played nonsense or refused a block', () => {
    const told = (more: Partial<Row>) => judgeRows(changed('Room', more), EXPECTED);
    expect(told({ failure: 'SIGFPE in restore' })).toEqual(['Maker: Room: SIGFPE in restore']);
    expect(told({ badSamples: 3 })).toEqual(['Maker: Room: 3 samples are no numbers']);
    expect(told({ failedBlocks: 3 })).toEqual(['Maker: Room: 3 blocks were refused']);
    expect(told({ figures: { parametersDiffering: 2 } })).toEqual([
      'Maker: Room: not all parameters restored',
    ]);
  });

  test('tells silence and a state that is not as it was, and also that this is gone', () => {
    const told = (name: string, more: Partial<Row>) => judgeRows(changed(name, more), EXPECTED);
    expect(told('Room', { isSounding: false })).toEqual(['Maker: Room: not sounding']);
    expect(told('Room', { isStateTaken: false })).toEqual(['Maker: Room: not its state taken']);
    expect(told('Room', { isStateIdentical: false })).toHaveLength(1);
    expect(told('Meter', { isSounding: true })).toEqual([
      'Maker: Meter: sounding, and expected not to be',
    ]);
    expect(told('Odd', { isStateTaken: true })).toHaveLength(1);
    expect(told('Odd', { isStateIdentical: true })).toHaveLength(1);
  });

  test('tells a bundle or a class that came or went, and a name that nobody has', () => {
    const told = (rows: readonly Row[]) => judgeList(['a', 'b'], rows, EXPECTED);
    expect(judgeList(['a'], ROWS, EXPECTED)).toEqual(['1 bundles, expected 2']);
    expect(told([...ROWS, row('New', 'One')])).toEqual(['New: 1 classes, expected 0']);
    expect(told(ROWS.slice(1))).toEqual([
      'Maker: 1 classes, expected 2',
      'Maker: Room: is expected, and not there',
    ]);
  });
});

test('the table counts by vendor and names what is not as usual', () => {
  const text = table([...ROWS, row('Other', 'Gone', { failure: 'SIGSEGV in create' })]);
  expect(text).toMatch(/^all +4 +3 +3 +3 /m);
  expect(text).toContain('not loaded: Other: Gone\n');
  expect(text).toContain('silent: Maker: Meter\n');
  expect(text).toContain('state differs: Other: Odd\n');
});
