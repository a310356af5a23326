/** A session file of the first version, as that build made it, opened by this one. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../server/session/store-database.ts';
import { openSession, read } from '../../../server/session/store-read.ts';
import { SCHEMA_VERSION, upgradeFrom } from '../../../server/session/store-schema.ts';
import { riffHash, write } from '../../../server/session/store-write.ts';
import { at } from '../../support/at.ts';
import { makeRiff } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST_VERSION = new URL('first-version.sql', import.meta.url);

const anyOpen = { kind: 'open', dataFolder: folder, atMs: 9, newSessionName: '' } as const;

const firstVersion = async (name: string) => {
  const path = join(folder, name);
  const db = new Database(path, { create: true, strict: true });
  db.run(await Bun.file(FIRST_VERSION).text());
  db.close();
  return path;
};

const riffsOf = (db: Database) =>
  read(db, { kind: 'riffs', sessionId: 's1', afterSeq: -1 }) as ReturnType<typeof makeRiff>[];

test('every riff is there, whole, and seals the one before it as it did', async () => {
  const db = openDatabase(await firstVersion('old.db'));
  const { head } = openSession(db, {
    kind: 'open',
    dataFolder: folder,
    atMs: 9,
    newSessionName: '',
  });
  expect(head).toEqual({ riffId: 'a', gridShift: 7 });
  const [root, riff] = riffsOf(db);
  expect([root?.id, riff?.id]).toEqual(['root', 'a']);
  expect(riff && 'barFrac' in riff).toBe(false);
  expect(at(riff?.slots ?? [], 2).loop).toMatchObject({ takeId: 't1', originBeat: -4 });
  const stored = db.query('SELECT hash, prev_hash FROM riff WHERE id = ?').get('a') as {
    hash: string;
    prev_hash: string;
  };
  if (!riff) throw new Error('no riff');
  expect(stored.hash).toBe(riffHash(stored.prev_hash, riff));
  db.close();
});

test('it can be gone on with, and is of this version from then on', async () => {
  const path = await firstVersion('on.db');
  const db = openDatabase(path);
  const riff = { ...makeRiff('b', 'a', 2), barFrac: 0.7 };
  write(db, { kind: 'riff', sessionId: 's1', riff, takes: [], gridShift: 6.3, moveId: 'm2' });
  const profile = {
    device: 'jack',
    rateHz: 48_000,
    blockFrames: 64,
    frames: 96,
    outputFrames: 48,
  };
  write(db, { kind: 'latency', profile: { ...profile, frames: 7 } });
  write(db, { kind: 'latency', profile });
  // Of a device that was never measured.
  const trim = { device: 'other', rateHz: 44_100, blockFrames: 128, trimFrames: -44 };
  write(db, { kind: 'latencyTrim', trim: { ...trim, trimFrames: 9 } });
  write(db, { kind: 'latencyTrim', trim });
  const epoch = { lineFrame: 0, lineBeat: 4, lineBar: 1, framesPerBeat: 24_000, beatsPerBar: 4 };
  const runId = 'ab'.repeat(16);
  write(db, { kind: 'epoch', runId, epoch: { ...epoch, fromFrame: 900 } });
  write(db, { kind: 'epoch', runId, epoch: { ...epoch, fromFrame: 5 } });
  write(db, { kind: 'epoch', runId, epoch: { ...epoch, fromFrame: 900, lineBar: 2 } });
  db.close();
  const again = openDatabase(path);
  expect(riffsOf(again).at(-1)).toEqual(riff);
  expect(openSession(again, anyOpen).latencies).toEqual([profile]);
  expect(openSession(again, anyOpen).trims).toEqual([trim]);
  expect(openSession(again, anyOpen).epochs).toEqual([
    { ...epoch, fromFrame: 5 },
    { ...epoch, fromFrame: 900, lineBar: 2 },
  ]);
  expect(again.query('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
  expect(() => again.run("DELETE FROM riff WHERE id = 'a'")).toThrow('written once');
  again.close();
});

test('old and new files have the same tables', async () => {
  const shape = (db: Database) =>
    db.query("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  const columns = (db: Database) =>
    db.query("SELECT name FROM pragma_table_info('riff') ORDER BY name").all();
  const old = openDatabase(await firstVersion('shape.db'));
  const fresh = openDatabase(join(folder, 'fresh.db'));
  expect(shape(old)).toEqual(shape(fresh));
  expect(columns(old)).toEqual(columns(fresh));
  old.close();
  fresh.close();
});

test('a file of the version before this one loses nothing', () => {
  const path = join(folder, 'before.db');
  const db = openDatabase(path);
  const profile = { device: 'a', rateHz: 48_000, blockFrames: 64, frames: 96, outputFrames: 48 };
  write(db, { kind: 'latency', profile });
  db.run('DROP TABLE opened; DROP TABLE latency_trim; PRAGMA user_version = 3;');
  db.close();
  const again = openDatabase(path);
  expect(openSession(again, anyOpen)).toMatchObject({ latencies: [profile], trims: [] });
  again.close();
});

test('a step that fails leaves the file as it was', async () => {
  const path = await firstVersion('half.db');
  const db = new Database(path);
  db.run('ALTER TABLE riff ADD COLUMN bar_frac REAL');
  expect(() => db.transaction(() => db.run(upgradeFrom(1)))()).toThrow('duplicate column');
  expect(db.query('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  db.close();
});
