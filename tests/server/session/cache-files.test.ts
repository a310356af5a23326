import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCacheFiles } from '../../../server/session/sounds/cache-files.ts';
import { until } from '../../judge/product.ts';

const data = mkdtempSync(join(tmpdir(), 'fz-cache-'));
const folder = join(data, 'cache');
afterAll(() => rmSync(data, { recursive: true }));

const errors: unknown[] = [];
const files = makeCacheFiles(data, (error) => errors.push(error));
const names = () => readdirSync(folder).toSorted();
const have = (...all: string[]) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of all) writeFileSync(join(folder, name), 'x');
};

test('at the start what has no row goes: orphans, half-written ones, what was set aside', () => {
  files.keepOnly(['a']);
  have('a.wav', 'b.wav', 'tmp-0123', 'bad-c.wav');
  files.keepOnly(['a', 'missing']);
  expect(names()).toEqual(['a.wav']);
});

test('a damaged one is set aside under a name that promises nothing; a missing one is no error', async () => {
  have('a.wav', 'b.wav');
  files.setAside('a');
  files.setAside('missing');
  files.remove('missing');
  await until('set aside', () => names().includes('bad-a.wav'));
  expect(names()).toEqual(['b.wav', 'bad-a.wav'].toSorted());
  files.remove('b');
  await until('removed', () => !names().includes('b.wav'));
  expect(errors).toEqual([]);
});
