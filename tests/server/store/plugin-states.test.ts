/** Rows of plug-ins, and which files of states stay. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from 'bun:sqlite';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { earlierState, readPlugins } from '../../../server/session/store/plugins.ts';
import {
  ReplacedStates,
  statesFolder,
  sweepStates,
  takeBackNamed,
  takeBackStates,
} from '../../../server/session/store/states.ts';
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
  for (const path of [statesFolder(folder), join(folder, 'trash')]) mkdirSync(path);
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

/** As the worker writes one. */
const replace = (replaced: ReplacedStates, sha256: string) => {
  replaced.add(earlierState(db, 'p1'));
  told(sha256);
  replaced.remove(db, folder, { nowMs: NOW_MS });
};
const sweep = (days: number) => sweepStates(db, folder, { nowMs: NOW_MS + days * DAY_MS });
const trashed = () => readdirSync(join(folder, 'trash')).toSorted();
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => `${sha(digit)}.state`) as [
  string,
  string,
  string,
  string,
];

describe('files of states', () => {
  test('go at once when their plug-in has told two that are newer', () => {
    const replaced = new ReplacedStates();
    for (const name of [A, B, C, D]) file(name);
    for (const digit of ['a', 'b', 'c']) replace(replaced, sha(digit));
    expect([left(), trashed()]).toEqual([[B, C, D], []]);
  });

  test('that were replaced stay for a minute, and while another plug-in names them', () => {
    const replaced = new ReplacedStates();
    write(db, { kind: 'plugin', sessionId: 's2', plugin: makePlugin('p2') });
    told(sha('b'), 'p2');
    file(A, 59_000);
    for (const name of [B, C, D]) file(name);
    for (const digit of ['a', 'b', 'c', 'd']) replace(replaced, sha(digit));
    expect(left()).toEqual([A, B, C, D]);
    replaced.remove(db, folder, { nowMs: NOW_MS + 1000 });
    expect(left()).toEqual([B, C, D]);
  });

  test('that no row names go into the trash after a day, and a month later for good', () => {
    told(sha('a'));
    for (const name of [A, B]) file(name, 0);
    file('notes.txt');
    file(`${sha('e')}.state.part`);
    sweep(0.99);
    expect(trashed()).toEqual([]);
    sweep(1);
    expect(left()).toEqual([A, `${sha('e')}.state.part`, 'notes.txt']);
    sweep(30.9);
    expect(trashed()).toEqual([B]);
    sweep(31);
    expect(trashed()).toEqual([]);
  });

  test('come back out of the trash when their row comes, or that of an older file', () => {
    for (const name of [A, B, C]) file(name);
    sweep(1);
    expect([left(), trashed()]).toEqual([[], [A, B, C]]);
    told(sha('a'));
    takeBackStates(folder, [sha('a'), sha('d')], {});
    expect(left()).toEqual([A]);
    told(sha('b'));
    takeBackNamed(db, folder, {});
    expect([left(), trashed()]).toEqual([[A, B], [C]]);
    told(sha('c'));
    sweep(31);
    expect(left()).toContain(C);
  });

  test('of a removed session stay as long as it can be brought back', () => {
    told(sha('a'));
    file(A);
    write(db, { kind: 'removeSession', sessionId: 's1', atMs: NOW_MS });
    sweep(29);
    expect(left()).toEqual([A]);
    sweep(31);
    expect([left(), trashed()]).toEqual([[], []]);
  });

  test('that another session needs stay', () => {
    write(db, { kind: 'plugin', sessionId: 's2', plugin: makePlugin('p2') });
    told(sha('a'));
    told(sha('a'), 'p2');
    file(A);
    write(db, { kind: 'removeSession', sessionId: 's1', atMs: 1 });
    sweep(0);
    expect(left()).toEqual([A]);
    write(db, { kind: 'removeSession', sessionId: 's2', atMs: 1 });
    sweep(0);
    expect(left()).toEqual([]);
  });

  test('are all there when the session file was lost', async () => {
    told(sha('a'));
    for (const name of [A, B]) file(name);
    db.close();
    for (const part of ['', '-wal', '-shm'])
      rmSync(join(folder, `flowzone.db${part}`), { force: true });
    const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
    const opening = { kind: 'open', dataFolder: folder, newSessionName: 'S' } as const;
    const { sessionId } = await store.read({ ...opening, atMs: NOW_MS });
    store.write({ kind: 'plugin', sessionId, plugin: makePlugin('p9') });
    store.write({ kind: 'pluginState', instanceId: 'p9', sha256: sha('c'), atMs: NOW_MS });
    expect(await store.end(NOW_MS)).toBeTrue();
    expect([left(), trashed()]).toEqual([[A, B], []]);
    db = openDatabase(join(folder, 'flowzone.db'));
  });

  test('of somebody who never loaded a plug-in are none', () => {
    rmSync(statesFolder(folder), { recursive: true });
    expect(() => sweep(0)).not.toThrow();
  });
});
