/** What makers write and call JSON. */
import { expect, test } from 'bun:test';
import { assert, jsonValue, property } from 'fast-check';
import { parseTolerant } from '../../../server/plugins/tolerant-json.ts';
import { printedSeed } from '../../support/seed.ts';

test('trailing commas, comments and a byte order mark are taken', () => {
  const text = `\uFEFF{ /* of
    two lines */ "a": [1, 2,], // the rest
    "b": { "c": "x", } , }`;
  expect(parseTolerant(text)).toEqual({ a: [1, 2], b: { c: 'x' } });
});

test('what looks like either inside a string stays', () => {
  const value = {
    a: 'http://x',
    b: '/* no */',
    c: 'one, ] two,}',
    d: 'quote " and \\',
    e: '\\"//',
  };
  expect(parseTolerant(JSON.stringify(value))).toEqual(value);
});

test('what is no JSON otherwise is refused', () => {
  for (const text of [
    '',
    '{',
    '{"a": }',
    '[1,,2]',
    '[,]',
    "{'a': 1}",
    '{"a": 1} x',
    '"abc',
    '/*',
  ]) {
    expect(() => parseTolerant(text)).toThrow();
  }
});

test('a text that is made to take long takes none', () => {
  for (const part of ['/*', '"\\', '"', '//', '[,', ' ,', '\\"']) {
    expect(() => parseTolerant(part.repeat(100_000))).toThrow();
  }
});

test('any strict JSON is read as JSON.parse reads it, also when commas trail', () => {
  assert(
    property(jsonValue(), (value) => {
      const strict = JSON.stringify(value, null, 1);
      expect(parseTolerant(strict)).toEqual(JSON.parse(strict));
      const untidy = strict.replaceAll(/\n(\s*)([\]}])(,?)$/gm, ',// so\n$1$2$3');
      expect(parseTolerant(untidy)).toEqual(JSON.parse(strict));
    }),
    { seed: printedSeed(), numRuns: 500 },
  );
});
