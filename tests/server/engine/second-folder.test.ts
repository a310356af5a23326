/** Where a run goes on when the data folder takes nothing, and how that is found again. */
import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondSpoolOf } from '../../../server/engine/second-folder.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'fz-second-')));
afterAll(() => rmSync(home, { recursive: true }));

const dataFolder = join(home, 'data');
const secondFolder = join(home, 'second');
const RUN = 'a'.repeat(32);
const linkOf = (runId: string) => join(dataFolder, 'spool', runId, 'second');

test('the run has a folder there, and its own folder leads to it', () => {
  const target = secondSpoolOf({ dataFolder, secondFolder }, RUN);
  expect(target).toBe(join(secondFolder, 'spool', RUN));
  expect(realpathSync(linkOf(RUN))).toBe(target);
});

test('a run that goes on keeps the place that it has', () => {
  const target = join(secondFolder, 'spool', RUN);
  expect(secondSpoolOf({ dataFolder, secondFolder: join(home, 'other') }, RUN)).toBe(target);
  expect(secondSpoolOf({ dataFolder, secondFolder: null }, RUN)).toBe(target);
});

test('none was given, or it cannot be made: there is none', () => {
  const other = 'b'.repeat(32);
  expect(secondSpoolOf({ dataFolder, secondFolder: null }, other)).toBe('');
  const file = join(home, 'file');
  mkdirSync(join(dataFolder, 'spool', other), { recursive: true });
  writeFileSync(file, '');
  expect(secondSpoolOf({ dataFolder, secondFolder: file }, other)).toBe('');
});

test('the name of every folder that was made is synced, and that of the link behind them', () => {
  const third = 'c'.repeat(32);
  const place = join(home, 'new', 'disk');
  const synced: string[] = [];
  const isLinked: boolean[] = [];
  const sync = (path: string) => {
    synced.push(path);
    isLinked.push(existsSync(linkOf(third)));
  };
  const target = secondSpoolOf({ dataFolder, secondFolder: place }, third, sync);
  const runFolder = join(dataFolder, 'spool', third);
  expect(synced).toEqual([
    join(place, 'spool'),
    place,
    join(home, 'new'),
    home,
    join(dataFolder, 'spool'),
    runFolder,
  ]);
  expect(isLinked).toEqual([false, false, false, false, false, true]);
  // Who made them before may have been interrupted.
  rmSync(linkOf(third));
  synced.length = 0;
  expect(secondSpoolOf({ dataFolder, secondFolder: place }, third, sync)).toBe(target);
  expect(synced).toEqual([join(place, 'spool'), join(dataFolder, 'spool'), runFolder]);
});

test('what cannot be synced is not used, and no link leads to it', () => {
  const fourth = 'd'.repeat(32);
  const refuse = () => {
    throw new Error('EIO');
  };
  expect(secondSpoolOf({ dataFolder, secondFolder }, fourth, refuse)).toBe('');
  expect(existsSync(linkOf(fourth))).toBe(false);
});
