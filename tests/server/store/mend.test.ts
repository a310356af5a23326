/** A session file that is damaged, cut or gone: every step comes back, and what cannot is counted. */
import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import { backupsIn, makeBackup } from '../../../server/session/store/backup.ts';
import { readDamage } from '../../../server/session/store/hurts.ts';
import { Journal } from '../../../server/session/store/journal.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { STORE_PAGE } from '../../../server/session/store/port.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { read } from '../../../server/session/store/read.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { write } from '../../../server/session/store/write.ts';
import { Dice } from '../../guard/generators.ts';
import { printedSeed } from '../../support/seed.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const root = mkdtempSync(join(tmpdir(), 'fz-mend-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A store as the worker keeps it: what is committed goes into the journal. */
const openStage = (folder: string) => {
  const { db, mended } = openStore(folder, 1_000_000);
  const journal = new Journal(folder);
  const commit = (request: StoreWrite) => journal.add(write(db, request), request);
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const opened = openSession(db, anyOpen, commit);
  const { sessionId } = opened;
  return {
    db,
    mended,
    sessionId,
    commit,
    head: opened.head?.riffId,
    addLoops(from: number, to: number) {
      if (from === 0) {
        const run = { runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 };
        commit({ kind: 'beginRun', ...run, listedFrom: 0 });
      }
      for (let seq = from; seq < to; seq += 1) {
        const parent = seq === 0 ? null : `r${seq - 1}`;
        const takes = seq === 0 ? [] : [makeTake(`t${seq}`)];
        const riff = makeRiff(`r${seq}`, parent, seq, seq === 0 ? {} : { [seq % 8]: `t${seq}` });
        commit({ kind: 'riff', sessionId, riff, takes, gridShift: 0, moveId: `m${seq}` });
      }
    },
    riffs: () =>
      (read(db, { kind: 'riffs', sessionId, afterSeq: -1 }) as Riff[]).map(({ id }) => id),
    /** From where on all that was damaged is known. */
    listedFrom: () => readDamage(db, RUN_ID).listedFrom,
    broken: () => [...checkSeals(db)].flatMap(({ broken }) => broken),
  };
};

const newFolder = () => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  return folder;
};

const LOOPS = 60;
const ALL = Array.from({ length: LOOPS }, (_, seq) => `r${seq}`);

/** Sixty loops, a backup after the first forty; as a killed engine leaves it, the log not yet reset. */
const makeKilled = () => {
  const folder = newFolder();
  const stage = openStage(folder);
  stage.addLoops(0, 40);
  makeBackup(stage.db, folder, 500_000);
  stage.addLoops(40, LOOPS);
  const killed = newFolder();
  cpSync(folder, killed, { recursive: true });
  stage.db.close();
  return killed;
};

/** The same, ended in order. */
const makeClosed = () => {
  const folder = makeKilled();
  openStage(folder).db.close();
  return folder;
};

const copyOf = (folder: string) => {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const zeroPage = (path: string, page: number) => {
  const bytes = readFileSync(path);
  bytes.fill(0, page * 4096, (page + 1) * 4096);
  writeFileSync(path, bytes);
};

const asideIn = (folder: string) =>
  existsSync(join(folder, 'aside')) ? readdirSync(join(folder, 'aside')) : [];

describe('a session file that cannot be trusted', () => {
  test('any page of zeros: all loops are there, or it says what is not', () => {
    const closed = makeClosed();
    const pages = statSync(databasePath(closed)).size / 4096;
    let mendedCount = 0;
    for (let page = 0; page < pages; page += 1) {
      const folder = copyOf(closed);
      zeroPage(databasePath(folder), page);
      const { broken, db, mended, riffs } = openStage(folder);
      if (mended) {
        mendedCount += 1;
        expect(mended).toMatchObject({ backupAtMs: 500_000, missingCount: 0 });
        expect(asideIn(folder)).toHaveLength(1);
      }
      // What the quick check cannot see, an index or a value, is found by the full one and the seals.
      const isWhole = (db.query('PRAGMA integrity_check(1)').get() as { integrity_check: string })
        .integrity_check;
      if (isWhole === 'ok' && broken().length === 0) expect(riffs()).toEqual(ALL);
      db.close();
      rmSync(folder, { recursive: true });
    }
    expect(mendedCount).toBeGreaterThan(pages / 2);
  }, 60_000);

  test('a log cut anywhere has lost commits: the journal brings them back', () => {
    const killed = makeKilled();
    const wal = `${databasePath(killed)}-wal`;
    const frameBytes = 4096 + 24;
    const frames = Math.floor((statSync(wal).size - 32) / frameBytes);
    expect(frames).toBeGreaterThan(LOOPS);
    let replayed = 0;
    for (let frame = 0; frame < frames; frame += 7) {
      const folder = copyOf(killed);
      truncateSync(`${databasePath(folder)}-wal`, 32 + frame * frameBytes);
      const { broken, db, head, mended, riffs } = openStage(folder);
      expect([riffs(), head, broken()]).toEqual([ALL, ALL.at(-1), []]);
      expect(mended?.missingCount ?? 0).toBe(0);
      replayed += mended?.replayedCount ?? 0;
      db.close();
      rmSync(folder, { recursive: true });
    }
    expect(replayed).toBeGreaterThan(LOOPS);
  }, 60_000);

  test('without its shared index it opens as ever', () => {
    const folder = makeKilled();
    rmSync(`${databasePath(folder)}-shm`);
    const { db, mended, riffs } = openStage(folder);
    expect([mended, riffs()]).toEqual([null, ALL]);
    db.close();
  });

  test.each(['gone', 'empty'])('a file that is %s is no new session', (how) => {
    const folder = makeClosed();
    if (how === 'gone') rmSync(databasePath(folder));
    else writeFileSync(databasePath(folder), '');
    const { db, listedFrom, mended, riffs } = openStage(folder);
    expect(mended).toMatchObject({ backupAtMs: 500_000, missingCount: 0 });
    expect([riffs(), listedFrom()]).toEqual([ALL, 0]);
    db.close();
  });

  test('a backup that is damaged too: the one before it, else the journal alone', () => {
    const folder = makeClosed();
    copyFileSync(
      databasePath(folder),
      join(folder, 'backup', 'flowzone-2001-01-01T00-00-00.000Z.db'),
    );
    for (const { path } of backupsIn(folder)) writeFileSync(path, 'no database');
    writeFileSync(databasePath(folder), 'no database either'.repeat(500));
    const { db, mended, riffs } = openStage(folder);
    expect(mended).toMatchObject({ backupAtMs: null, missingCount: 0 });
    expect(riffs()).toEqual(ALL);
    db.close();
  });

  test('lines of the journal that are torn or changed are counted as missing, never believed', () => {
    const dice = new Dice(printedSeed());
    for (let trial = 0; trial < 20; trial += 1) {
      const folder = makeClosed();
      rmSync(databasePath(folder));
      const journal = join(folder, 'journal');
      const path = join(journal, readdirSync(journal).toSorted().at(0) ?? '');
      const bytes = readFileSync(path);
      const hit = Math.floor(bytes.length * (0.7 + 0.29 * dice.next()));
      // The blank between checksum and line says nothing.
      const changed = bytes.lastIndexOf('\n', hit) + 9 === hit ? hit + 1 : hit;
      bytes[changed] = (bytes[changed] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      const { broken, db, listedFrom, mended, riffs } = openStage(folder);
      expect(mended?.missingCount).toBeGreaterThan(0);
      expect(listedFrom()).toBeNull();
      const kept = riffs();
      expect(kept).toEqual(ALL.slice(0, kept.length));
      expect(kept.length).toBeGreaterThanOrEqual(40);
      expect(broken()).toEqual([]);
      db.close();
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  test('what it was mended into can be gone on with and mended again', () => {
    const folder = makeClosed();
    rmSync(databasePath(folder));
    const first = openStage(folder);
    first.addLoops(LOOPS, LOOPS + 5);
    first.db.close();
    rmSync(databasePath(folder));
    const { db, mended, riffs } = openStage(folder);
    expect(mended?.missingCount).toBe(0);
    expect(riffs()).toHaveLength(LOOPS + 5);
    db.close();
  });

  test('another reason than damage is told and changes nothing', () => {
    const folder = newFolder();
    mkdirSync(databasePath(folder));
    expect(() => openStore(folder, 1)).toThrow('cannot be used');
    expect(asideIn(folder)).toEqual([]);
  });
});

describe('seals', () => {
  test('a riff that was changed behind our back is named, and no other', () => {
    const folder = makeClosed();
    const db = new Database(databasePath(folder));
    db.run(
      "DROP TRIGGER riff_slot_no_update; UPDATE riff_slot SET gain = 0.9 WHERE riff_id = 'r7'",
    );
    db.run(
      "DROP TRIGGER riff_no_delete; PRAGMA foreign_keys = OFF; DELETE FROM riff WHERE id = 'r9'",
    );
    expect([...checkSeals(db)].flatMap(({ broken }) => broken)).toEqual(['r7', 'r10']);
    db.close();
  });

  test('riffs that are written while the others are looked at keep theirs', () => {
    const stage = openStage(newFolder());
    stage.addLoops(0, STORE_PAGE);
    const pages = checkSeals(stage.db);
    pages.next();
    stage.addLoops(STORE_PAGE, STORE_PAGE + 3);
    expect([...pages]).toEqual([{ checkedCount: 3, broken: [] }]);
    stage.db.close();
  });

  test('a riff with more slots than loops keeps its seal', () => {
    const stage = openStage(newFolder());
    stage.addLoops(0, 1);
    for (const [seq, slots] of [12, 8, 256].entries()) {
      const riff = makeRiff(`x${seq}`, 'r0', seq + 1, { 3: 't0' });
      const { slots: few } = riff;
      const all = Array.from({ length: slots }, (_, slot) => few[slot] ?? few[0]);
      const { sessionId } = stage;
      stage.commit({
        kind: 'riff',
        sessionId,
        riff: { ...riff, slots: all as Riff['slots'] },
        takes: [makeTake('t0')],
        gridShift: 0,
        moveId: `y${seq}`,
      });
    }
    expect(stage.broken()).toEqual([]);
    stage.db.close();
  });
});
