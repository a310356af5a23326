/** Session files of every past version, as those builds made them, opened by this one. */
import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import { backupsIn } from '../../../server/session/store/backup.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import type { StoredTake } from '../../../server/session/store/stored.ts';
import { read } from '../../../server/session/store/read.ts';
import { SCHEMA_VERSION, upgradeFrom } from '../../../server/session/store/schema.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { write } from '../../../server/session/store/write.ts';
import { at } from '../../support/at.ts';
import { makePlugin, makeRiff, makeTake, RUN_ID } from './samples.ts';

const root = mkdtempSync(join(tmpdir(), 'fz-upgrade-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const GOLDEN = join(import.meta.dirname, 'golden');
const PAST = Array.from({ length: SCHEMA_VERSION - 1 }, (_, index) => index + 1);
let count = 0;

const anyOpen = { kind: 'open', dataFolder: root, atMs: 9, newSessionName: '' } as const;

/** A data folder in which that version was used last. */
const folderOf = async (version: number): Promise<string> => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  const db = new Database(databasePath(folder), { create: true, strict: true });
  db.run(await Bun.file(join(GOLDEN, `version-${version}.sql`)).text());
  db.close();
  return folder;
};

const riffsOf = (db: Database) =>
  read(db, { kind: 'riffs', sessionId: 's1', afterSeq: -1 }) as Riff[];
const brokenIn = (db: Database) => [...checkSeals(db)].flatMap(({ broken }) => broken);
const versionIn = (db: Database) =>
  (db.query('PRAGMA user_version').get() as { user_version: number }).user_version;

test('there is a file of every past version: make-golden.ts prints that of this one', () => {
  const names = readdirSync(GOLDEN);
  expect(PAST.filter((version) => !names.includes(`version-${version}.sql`))).toEqual([]);
});

describe.each(PAST)('a file of version %i', (version) => {
  test('opens with every riff and take, sealed as it was, and a backup of before', async () => {
    const folder = await folderOf(version);
    const { db, mended } = openStore(folder, 1000);
    expect(mended).toBeNull();
    expect(versionIn(db)).toBe(SCHEMA_VERSION);
    const riffs = riffsOf(db);
    expect(riffs.slice(0, 2).map(({ id }) => id)).toEqual(['root', 'a']);
    expect(at(at(riffs, 1).slots, 2).loop).toMatchObject({ takeId: 't1', originBeat: -4 });
    expect(brokenIn(db)).toEqual([]);
    const takes = read(db, { kind: 'takes', sessionId: 's1', afterRow: 0 }) as StoredTake[];
    expect(takes.map(({ take }) => take.id)).toEqual([
      't1',
      ...(version < 2 ? [] : ['t2']),
      ...(version < 12 ? [] : ['d0']),
    ]);
    expect(openSession(db, anyOpen).head).toEqual({ riffId: 'a', gridShift: 7 });
    const [backup, ...others] = backupsIn(folder);
    expect([backup?.isOfOldVersion, others]).toEqual([true, []]);
    const before = new Database(backup?.path ?? '');
    expect(versionIn(before)).toBe(version);
    db.close();
    before.close();
  });

  test('can be gone on with, and is of this version from then on', async () => {
    const folder = await folderOf(version);
    const { db } = openStore(folder, 1000);
    const seq = riffsOf(db).length;
    const chained = makeRiff('z', 'a', seq).slots.concat({ ...EMPTY_SLOT, chain: ['p1'] });
    const more = { barFrac: 0.7, slots: chained, inputChain: ['p1', 'p2'] };
    const riff = { ...makeRiff('z', 'a', seq), ...more };
    write(db, { kind: 'plugin', sessionId: 's1', plugin: makePlugin('p1') });
    write(db, { kind: 'riff', sessionId: 's1', riff, takes: [], gridShift: 6.3, moveId: 'mz' });
    write(db, { kind: 'takeTainted', takeId: 't1' });
    for (let time = 0; time < 2; time += 1) write(db, { kind: 'settled', takeId: 't1' });
    const notes = [{ frame: 3, instanceId: 'p1', note: 60, velocity: 0.5, on: true }];
    for (const label of ['', 'Chorus', 'Chorus']) {
      write(db, { kind: 'mark', sessionId: 's1', riffId: 'z', label });
    }
    const side = {
      kind: 'dry',
      sessionId: 's1',
      takeId: 't1',
      take: makeTake('d1'),
      notes,
    } as const;
    for (const each of [side, side]) write(db, each);
    const line = { lineFrame: 0, lineBeat: 4, lineBar: 1, framesPerBeat: 24_000, beatsPerBar: 4 };
    write(db, { kind: 'epoch', runId: RUN_ID, epoch: { ...line, fromFrame: 900 } });
    const listedFrom = version < 13 ? null : 3;
    expect(openSession(db, anyOpen).listedFrom).toBe(listedFrom);
    const run = { runId: RUN_ID, sessionId: 's1', rateHz: 48_000, atMs: 6, gridShift: 7 };
    write(db, { kind: 'beginRun', ...run, listedFrom: 45 });
    const hurt = { source: 2, fromFrame: 50, toFrame: 60 };
    write(db, { kind: 'hurt', runId: RUN_ID, hurt });
    write(db, { kind: 'hurt', runId: RUN_ID, hurt: { ...hurt, toFrame: 55 } });
    const block = { device: 'jack', rateHz: 48_000, blockFrames: 64 };
    write(db, { kind: 'latency', profile: { ...block, frames: 96, outputFrames: 48 } });
    write(db, { kind: 'latencyTrim', trim: { ...block, trimFrames: -44 } });
    db.close();
    const again = openStore(folder, 2000).db;
    expect(riffsOf(again).at(-1)).toEqual(riff);
    expect(brokenIn(again)).toEqual([]);
    const opened = openSession(again, anyOpen);
    expect(opened.epochs).toEqual([{ ...line, fromFrame: 900 }]);
    const hurts = opened.hurts.filter(({ source }) => source !== null);
    expect(hurts.at(-1)).toEqual(hurt);
    expect(hurts).toHaveLength(version < 10 ? 1 : 2);
    expect(opened.listedFrom).toBe(listedFrom ?? 45);
    expect(opened.latencies).toMatchObject([{ frames: 96 }]);
    const plugins = read(again, { kind: 'plugins', sessionId: 's1', afterRow: 0 });
    const before = version < 11 ? 0 : 1;
    expect(plugins).toHaveLength(1 + before);
    expect((plugins as unknown[]).at(-1)).toEqual({ row: 1 + before, plugin: makePlugin('p1') });
    const marks = () => read(again, { kind: 'marks', sessionId: 's1', afterRow: 0 }) as unknown[];
    expect(marks().at(-1)).toMatchObject({ riffId: 'z', label: 'Chorus' });
    write(again, { kind: 'mark', sessionId: 's1', riffId: 'z', label: null });
    expect(marks()).toHaveLength(version < 15 ? 0 : 1);
    const takes = read(again, { kind: 'takes', sessionId: 's1', afterRow: 0 }) as StoredTake[];
    const dry = version < 12 ? { takeId: 'd1', notes } : { takeId: 'd0', notes: [] };
    expect(takes.flatMap(({ isSettled, take }) => (isSettled ? [take.id] : []))).toEqual([
      't1',
      ...(version < 14 ? [] : ['t2']),
    ]);
    expect(takes.filter((each) => each.dry)).toMatchObject([{ take: { id: 't1' }, dry }]);
    expect(opened.trims).toMatchObject([{ trimFrames: -44 }]);
    expect(() => again.run('DELETE FROM plugin')).toThrow('written once');
    expect(() => again.run('DELETE FROM settled')).toThrow('written once');
    expect(() => again.run("DELETE FROM riff WHERE id = 'a'")).toThrow('written once');
    expect(backupsIn(folder)).toHaveLength(1);
    again.close();
  });

  test('has the tables and triggers of a new file', async () => {
    const shape = (db: Database) =>
      db
        .query(
          `SELECT type, name, (SELECT group_concat(name) FROM
           (SELECT name FROM pragma_table_info(sqlite_schema.name) ORDER BY name)) AS columns
           FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name`,
        )
        .all();
    const { db } = openStore(await folderOf(version), 1000);
    const fresh = openDatabase(join(root, `fresh-${version}.db`));
    expect(shape(db)).toEqual(shape(fresh));
    db.close();
    fresh.close();
  });
});

test('a step that fails leaves the file as it was', async () => {
  const folder = await folderOf(1);
  const db = new Database(databasePath(folder));
  db.run('ALTER TABLE riff ADD COLUMN bar_frac REAL');
  expect(() => db.transaction(() => db.run(upgradeFrom(1)))()).toThrow('duplicate column');
  expect(versionIn(db)).toBe(1);
  db.close();
});

test('a file of a newer version can be read and not written, and is no reason for a backup', () => {
  const folder = join(root, 'newer');
  mkdirSync(folder);
  const made = openStore(folder, 1);
  const { sessionId } = openSession(made.db, anyOpen);
  made.db.run(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  made.db.close();
  const { db, mended } = openStore(folder, 2);
  expect(mended).toBeNull();
  expect(openSession(db, anyOpen).sessionId).toBe(sessionId);
  expect(() => write(db, { kind: 'sessionName', sessionId, name: 'Other' })).toThrow('readonly');
  expect(versionIn(db)).toBe(SCHEMA_VERSION + 1);
  expect(backupsIn(folder)).toEqual([]);
  db.close();
});
