import { expect, test } from 'bun:test';
import { ERRORS } from '../../protocol/errors.ts';
import { unraisedCodes } from './rules/raised.ts';
import { readTree } from './source.ts';

test('every error code is raised by a test', () => {
  expect(unraisedCodes(readTree(), ERRORS)).toEqual([]);
});

const codes = { ERR_IN_A_TEST: { code: 9001 }, ERR_NEVER_SEEN: { code: 9002 } };
const found = (path: string, text: string) => unraisedCodes([{ path, text }], codes);

test('a code that no test raises is found', () => {
  const never = '9002 ERR_NEVER_SEEN: no test raises it';
  expect(found('tests/server/a.test.ts', 'expect(code).toBe(9001);')).toEqual([never]);
  expect(found('tests/FlowCoreTests/ATests.swift', 'x == ErrorCode.inATest')).toEqual([never]);
});

test('a number of kilobytes raises nothing', () => {
  const usual = { ERR_ROUND: { code: 4096 } };
  const with4096 = (text: string) => unraisedCodes([{ path: 'tests/a.test.ts', text }], usual);
  expect(with4096('expect(bytes).toBe(4096);')).toHaveLength(1);
  expect(with4096("expect(name).toBe('ERR_ROUND');")).toEqual([]);
});

test('a word in a comment, on the page or in the product raises nothing', () => {
  expect(found('tests/server/a.test.ts', '// 9001\nconst a = 19001.5;')).toHaveLength(2);
  expect(found('tests/web/a.test.ts', 'show(9001)')).toHaveLength(2);
  expect(found('server/a.ts', 'raise(9001)')).toHaveLength(2);
});
