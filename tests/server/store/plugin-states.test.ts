/** Rows of plug-ins, and which files of states stay. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from 'bun:sqlite';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../server/session/store/database.ts';
import { readPlugins, statesFolder, sweepStates } from '../../../server/session/store/plugins.ts';
import type { StoredPluginRow } from '../../../server/session/store/stored.ts';
import { insertSession } from '../../../server/session/store/sessions.ts';
import { write } from '../../../server/session/store/write.ts';
import { makePlugin } from './samples.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;
const sha = (digit: string) => digit.repeat(64);

let folder: string;
let db: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fz-states-'));
  mkdirSync(statesFolder(folder));
  db = openDatabase(join(folder, 'flowzone.db'));
  for (const id of ['s1', 's2']) insertSession(db, { id, name: id }, 1);
  write(db, { kind: 'plugin', sessionId: 's1', plugin: makePlugin('p1') });
});

afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const told = (sha256: string, instanceId = 'p1') =>
  write(db, { kind: 'pluginState', instanceId, sha256, atMs: NOW_MS });
const file = (name: string, ageMs = DAY_MS) => {
  const path = join(statesFolder(folder), name);
  writeFileSync(path, 'state');
  const atS = (NOW_MS - ageMs) / 1000;
  utimesSync(path, atS, atS);
};
const left = () => readdirSync(statesFolder(folder)).toSorted();
const rowOf = (): StoredPluginRow['plugin'] | undefined => readPlugins(db, 's1', 0)[0]?.plugin;

describe('the states of a plug-in', () => {
  test('are its newest and the one before it, however often it is told', () => {
    expect(rowOf()).toMatchObject({ state: null, earlierState: null });
    for (const digit of ['a', 'b', 'b', 'c', 'c']) told(sha(digit));
    expect(rowOf()).toMatchObject({ state: sha('c'), earlierState: sha('b') });
  });

  test('stay when its row is written again', () => {
    told(sha('a'));
    write(db, { kind: 'pluginBypass', instanceId: 'p1', bypassed: true });
    const moved = { ...makePlugin('p1'), bundle: '/elsewhere.vst3', group: 'other' };
    write(db, { kind: 'plugin', sessionId: 's1', plugin: moved });
    const { bundle, group } = moved;
    expect(rowOf()).toEqual({
      ...makePlugin('p1'),
      bundle,
      group,
      bypassed: true,
      state: sha('a'),
    });
  });
});

describe('files of states', () => {
  test('go when no plug-in names them, and nothing else does', () => {
    for (const digit of ['a', 'b', 'c']) told(sha(digit));
    for (const digit of ['a', 'b', 'c', 'd']) file(`${sha(digit)}.state`);
    file('notes.txt');
    file(`${sha('e')}.state.part`);
    expect(sweepStates(db, folder, { nowMs: NOW_MS, mayEmpty: true })).toBe(2);
    expect(left()).toEqual([
      `${sha('b')}.state`,
      `${sha('c')}.state`,
      `${sha('e')}.state.part`,
      'notes.txt',
    ]);
  });

  test('stay for a minute: their row may be on its way', () => {
    file(`${sha('a')}.state`, 59_000);
    expect(sweepStates(db, folder, { nowMs: NOW_MS, mayEmpty: true })).toBe(0);
    expect(sweepStates(db, folder, { nowMs: NOW_MS + 1000, mayEmpty: true })).toBe(1);
  });

  test('of a removed session stay as long as it can be brought back', () => {
    told(sha('a'));
    file(`${sha('a')}.state`);
    write(db, { kind: 'removeSession', sessionId: 's1', atMs: NOW_MS });
    expect(sweepStates(db, folder, { nowMs: NOW_MS + 29 * DAY_MS, mayEmpty: true })).toBe(0);
    expect(sweepStates(db, folder, { nowMs: NOW_MS + 31 * DAY_MS, mayEmpty: true })).toBe(1);
  });

  test('of a removed session stay while the clock may be wrong', () => {
    told(sha('a'));
    file(`${sha('a')}.state`);
    write(db, { kind: 'removeSession', sessionId: 's1', atMs: NOW_MS });
    const later = { nowMs: NOW_MS + 99 * DAY_MS };
    expect(sweepStates(db, folder, { ...later, mayEmpty: false })).toBe(0);
    expect(sweepStates(db, folder, { ...later, mayEmpty: true })).toBe(1);
  });

  test('that another session needs stay', () => {
    write(db, { kind: 'plugin', sessionId: 's2', plugin: makePlugin('p2') });
    told(sha('a'));
    told(sha('a'), 'p2');
    file(`${sha('a')}.state`);
    write(db, { kind: 'removeSession', sessionId: 's1', atMs: 1 });
    expect(sweepStates(db, folder, { nowMs: NOW_MS, mayEmpty: true })).toBe(0);
    write(db, { kind: 'removeSession', sessionId: 's2', atMs: 1 });
    expect(sweepStates(db, folder, { nowMs: NOW_MS, mayEmpty: true })).toBe(1);
    expect(existsSync(join(statesFolder(folder), `${sha('a')}.state`))).toBe(false);
  });

  test('of somebody who never loaded a plug-in are none', () => {
    rmSync(statesFolder(folder), { recursive: true });
    expect(sweepStates(db, folder, { nowMs: NOW_MS, mayEmpty: true })).toBe(0);
  });
});
