import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from './draw.ts';
import { sourceOf } from './edit.ts';
import { MUTANTS } from './table.ts';

const ROOT = join(import.meta.dirname, '..', '..');

test('there are sixty or more, and each edit stands exactly once in its file', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(60);
  const stray = MUTANTS.filter(
    ({ file, from }) => readFileSync(join(ROOT, sourceOf(file)), 'utf8').split(from).length !== 2,
  );
  expect(stray.map(({ file, from }) => `${file}: ${from}`)).toEqual([]);
});

test('no two are the same, and each changes something', () => {
  expect(new Set(MUTANTS.map((one) => JSON.stringify(one))).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter(({ from, to }) => from === to)).toEqual([]);
});

test('a seed draws the same again, another one others, none twice', () => {
  const drawn = draw(MUTANTS, 20, 7);
  expect(draw(MUTANTS, 20, 7)).toEqual(drawn);
  expect(draw(MUTANTS, 20, 8)).not.toEqual(drawn);
  expect(new Set(drawn).size).toBe(20);
});
