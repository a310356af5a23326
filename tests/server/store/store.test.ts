import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { DamagedError, openDatabase } from '../../../server/session/store/database.ts';
import type { HeadMove, StoredSound, StoredTake } from '../../../server/session/store/stored.ts';
import { SCHEMA_VERSION } from '../../../server/session/store/schema.ts';
import { read } from '../../../server/session/store/read.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { readSession } from '../../../server/session/store/sessions.ts';
import { riffHash, write } from '../../../server/session/store/write.ts';
import { at } from '../../support/at.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';
import { anyOpen, filled, folder, nextPath, opened } from './store-rig.ts';

describe('the store', () => {
  test('a riff beside the present is there with its files, and the head is where it was, in one commit', () => {
    const { db, riff, sessionId } = filled();
    const file = { takeId: 't2', part: 'window', sha256: 'cd', bytes: 7, preFrames: 0 } as const;
    const aside = {
      kind: 'riff',
      sessionId,
      riff: makeRiff('found', riff.id, 2, { 0: 't2' }),
      takes: [makeTake('t2')],
      gridShift: 7,
      moveId: 'm2',
      files: [file],
      back: { from: 'found', to: riff.id, cause: 'UNDO', moveId: 'm3' },
    } as const;
    // A worker that died before its answer is asked again.
    for (const _ of [1, 2]) write(db, aside);
    expect(readSession(db, sessionId)?.head).toEqual({ riffId: riff.id, gridShift: 7 });
    const takes = read(db, { kind: 'takes', sessionId, afterRow: 0 }) as StoredTake[];
    expect(takes.at(-1)).toMatchObject({ take: { id: 't2' }, files: [file] });
    const moves = read(db, { kind: 'moves', sessionId, afterSeq: 0 }) as HeadMove[];
    expect(moves.map(({ from, to }) => [from, to])).toEqual([
      [null, 'root'],
      ['root', 'a'],
      ['a', 'found'],
      ['found', 'a'],
    ]);
  });

  test('what a run has missed is told of that run, the newest first', () => {
    const { db } = filled();
    write(db, { kind: 'gap', runId: RUN_ID, fromFrame: 50, toFrame: 90, reason: 2 });
    expect(read(db, { kind: 'gaps', runId: RUN_ID })).toEqual([
      { fromFrame: 50, toFrame: 90 },
      { fromFrame: 5, toFrame: 9 },
    ]);
    expect(read(db, { kind: 'gaps', runId: 'b'.repeat(32) })).toEqual([]);
  });

  test('a take that is found damaged later is so from then on, and no other', () => {
    const { db, riff, sessionId, take } = filled();
    const whole = { ...makeTake('t2'), tainted: false };
    write(db, { kind: 'take', sessionId, take: whole });
    for (const _ of [1, 2]) write(db, { kind: 'takeTainted', takeId: take.id });
    // What is repeated after the worker died does not undo it.
    write(db, { kind: 'riff', sessionId, riff, takes: [take], gridShift: 7, moveId: 'm1' });
    const stored = read(db, { kind: 'takes', sessionId, afterRow: 0 }) as StoredTake[];
    expect(stored.map(({ take: { id, tainted } }) => [id, tainted])).toEqual([
      ['t1', true],
      ['t2', false],
    ]);
  });

  test('gives back what was written, after it was closed and opened again', () => {
    const { db, path, sessionId, riff, root, take } = filled();
    write(db, {
      kind: 'head',
      sessionId,
      from: 'a',
      to: 'root',
      cause: 'UNDO',
      gridShift: 3,
      atMs: 9,
      moveId: 'm2',
    });
    db.close();
    const again = opened(path);
    expect(again.session).toMatchObject({
      sessionId,
      sessionName: 'S',
      head: { riffId: 'root', gridShift: 3 },
      openRunId: RUN_ID,
    });
    expect(read(again.db, { kind: 'riffs', sessionId, afterSeq: -1 })).toEqual([root, riff]);
    expect(read(again.db, { kind: 'takes', sessionId, afterRow: 0 })).toEqual([
      {
        row: 1,
        take,
        files: [{ takeId: 't1', part: 'window', sha256: 'ab', bytes: 99, preFrames: 0 }],
      },
    ]);
    expect(read(again.db, { kind: 'moves', sessionId, afterSeq: 0 })).toEqual([
      { seq: 1, from: null, to: 'root', cause: 'COMMIT' },
      { seq: 2, from: 'root', to: 'a', cause: 'COMMIT' },
      { seq: 3, from: 'a', to: 'root', cause: 'UNDO' },
    ]);
  });

  test('every commit is synced, in WAL, with foreign keys', () => {
    const { db } = opened();
    const pragma = (name: string) => Object.values(db.query(`PRAGMA ${name}`).get() as object)[0];
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual([
      'wal',
      2,
      1,
    ]);
    expect(pragma('user_version')).toBe(SCHEMA_VERSION);
  });

  test.each(['take', 'take_file', 'riff', 'riff_slot', 'head_move', 'gap'])(
    '%s is written once: no update, no delete',
    (table) => {
      const { db } = filled();
      const rows = () => db.query(`SELECT * FROM ${table}`).all();
      const before = rows();
      expect(before.length).toBeGreaterThan(0);
      expect(() => db.run(`DELETE FROM ${table}`)).toThrow('written once');
      const column = Object.keys(before[0] as object)[0];
      expect(() => db.run(`UPDATE ${table} SET ${column} = ${column}`)).toThrow('written once');
      expect(rows()).toEqual(before);
    },
  );

  test('what moves can be moved: head, mixer, name', () => {
    const { db, sessionId } = filled();
    expect(() => db.run("UPDATE head SET riff_id = 'root'")).not.toThrow();
    write(db, { kind: 'sessionName', sessionId, name: 'Evening' });
    expect(openSession(db, anyOpen).sessionName).toBe('Evening');
  });

  test('a request that is repeated has no second effect', () => {
    const { db, sessionId, riff, take } = filled();
    const rows = () =>
      ['take', 'riff', 'riff_slot', 'head', 'head_move', 'take_file', 'gap'].map((table) =>
        db.query(`SELECT * FROM ${table}`).all(),
      );
    write(db, {
      kind: 'head',
      sessionId,
      from: 'a',
      to: 'root',
      cause: 'UNDO',
      gridShift: 0,
      atMs: 9,
      moveId: 'm2',
    });
    const before = rows();
    write(db, { kind: 'riff', sessionId, riff, takes: [take], gridShift: 7, moveId: 'm1' });
    write(db, { kind: 'gap', runId: RUN_ID, fromFrame: 5, toFrame: 9, reason: 1 });
    expect(rows()).toEqual(before);
  });

  test('a riff whose take is unknown is refused whole', () => {
    const { db, sessionId } = filled();
    const riff = makeRiff('b', 'a', 2, { 0: 'nobody' });
    expect(() =>
      write(db, { kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: 'm9' }),
    ).toThrow('FOREIGN KEY');
    expect(db.query("SELECT * FROM riff WHERE id = 'b'").get()).toBeNull();
    expect(openSession(db, anyOpen).head?.riffId).toBe('a');
  });

  test('each riff seals the one before it', () => {
    const { db, root, riff } = filled();
    const rows = db.query('SELECT prev_hash, hash FROM riff ORDER BY seq').all() as {
      prev_hash: string;
      hash: string;
    }[];
    expect(rows[0]).toEqual({ prev_hash: '', hash: riffHash('', root) });
    expect(rows[1]).toEqual({
      prev_hash: at(rows, 0).hash,
      hash: riffHash(at(rows, 0).hash, riff),
    });
    expect(riffHash('', { ...root, bpm: 121 })).not.toBe(at(rows, 0).hash);
  });

  test('a segment is closed once and a later opening does not reopen it', () => {
    const { db } = filled();
    const segment = {
      kind: 'segment',
      runId: RUN_ID,
      firstFrame: 0,
      toFrame: null,
      crc: null,
    } as const;
    write(db, segment);
    write(db, { ...segment, toFrame: 100, crc: 7 });
    write(db, segment);
    expect(db.query('SELECT to_frame, crc FROM spool').all()).toEqual([{ to_frame: 100, crc: 7 }]);
  });

  test('a run that ended in order leaves no ring to look for', () => {
    const { db } = filled();
    write(db, { kind: 'endRun', runId: RUN_ID, atMs: 10 });
    expect(openSession(db, anyOpen).openRunId).toBeNull();
  });

  test('a newer session in which nothing was done hides no music', () => {
    const { db, sessionId } = filled();
    db.run("INSERT INTO session (id, name, created_ms) VALUES ('new', 'New', 99)");
    expect(openSession(db, anyOpen).sessionId).toBe(sessionId);
  });

  test('a file whose pages are holed, or that is no database, is told apart from one that is away', async () => {
    const holed = opened();
    holed.db.close();
    const bytes = Buffer.from(await Bun.file(holed.path).arrayBuffer());
    await Bun.write(holed.path, bytes.fill('x', 4096));
    expect(() => openDatabase(holed.path)).toThrow(DamagedError);
    const bad = nextPath();
    await Bun.write(bad, 'x'.repeat(5000));
    expect(() => openDatabase(bad)).toThrow(DamagedError);
    expect(() => openDatabase(join(folder, 'none', 'x.db'))).toThrow('cannot be used');
  });

  test('remembers rendered sounds until they are forgotten, the newest of each rate', () => {
    const { db, path } = opened();
    const first = { soundId: 'a', rateHz: 48_000, version: '1', sha256: 'ab', bytes: 99 };
    const atOtherRate = { ...first, rateHz: 44_100 };
    const other = { ...first, soundId: 'b' };
    for (const sound of [first, atOtherRate, other]) write(db, { kind: 'cache', sound });
    // Rendered again: the old row has no say any more.
    const anew = { ...first, sha256: 'cd' };
    write(db, { kind: 'cache', sound: anew });
    for (const _ of [1, 2]) write(db, { kind: 'uncache', soundId: 'b', rateHz: 48_000 });
    db.close();
    const again = openDatabase(path);
    const cached = read(again, { kind: 'cached', afterRow: 0 }) as StoredSound[];
    expect(cached.map(({ sound }) => sound)).toEqual([atOtherRate, anew]);
    expect(read(again, { kind: 'cached', afterRow: cached.at(-1)?.row ?? 0 })).toEqual([]);
    again.close();
  });
});
