/**
 * One piece of work of the store on a folder, in a process of its own that can be killed:
 *
 *   bun tests/faults/stand/store-work.ts migration|backup|removal FOLDER
 *
 * Says `begun` and `done`. What it needs to know lies beside it in `work.json`.
 */
import { Database } from 'bun:sqlite';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forget } from '../../../server/session/retention/forget.ts';
import { spoolUse, type SpoolQuestion } from '../../../server/session/retention/sweep.ts';
import { makeBackup } from '../../../server/session/store/backup.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { SCHEMA_VERSION } from '../../../server/session/store/schema.ts';
import { trashFiles } from '../../../server/session/store/trash-files.ts';
import { noteTorn, sweepTrash } from '../../../server/session/store/trash.ts';
import { SpoolRig } from '../../server/store/retention-rig.ts';

export const STORE_WORKS = ['migration', 'backup', 'removal'] as const;
export type StoreWork = (typeof STORE_WORKS)[number];

const HOUR_MS = 3_600_000;
const FIRST_MS = 1_000_000 * HOUR_MS;
const GOLDEN = join(import.meta.dirname, '../../server/store/golden');
/** So that the work takes long enough to be met by a cut. */
const ROWS = 60_000;
const SEGMENTS = 60;
const FILES = 24;

/** What goes is old; it goes from any disk alike. */
const ROOMY = { device: 1, freeBytes: 1e12, diskBytes: 2e12 };

export interface Prepared {
  /** Below the folder; they may not go, whatever happens. */
  readonly needed: readonly string[];
  readonly torn: readonly string[];
  readonly question: SpoolQuestion | null;
}

const fill = (db: Database, runId: string): void => {
  db.run('PRAGMA synchronous = OFF');
  db.query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     INSERT INTO gap (run_id, from_frame, to_frame, reason) SELECT ?, 1000 * i, 1000 * i + 9, 1 FROM n`,
  ).run(runId);
};

const prepareMigration = (folder: string, seed: number): void => {
  const version = 1 + (seed % (SCHEMA_VERSION - 1));
  mkdirSync(folder, { recursive: true });
  const db = new Database(databasePath(folder), { create: true, strict: true });
  db.run(readFileSync(join(GOLDEN, `version-${version}.sql`), 'utf8'));
  const { id } = db.query('SELECT id FROM run').get() as { id: string };
  fill(db, id);
  db.close();
};

const prepareBackup = (rig: SpoolRig, folder: string): void => {
  makeBackup(rig.db, rig.folder, FIRST_MS);
  fill(rig.db, rig.runId);
  rig.db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  cpSync(rig.folder, folder, { recursive: true, preserveTimestamps: true });
};

/** An old run of which some takes have no file yet; files of takes, and others that are nobody's. */
const prepareRemoval = (rig: SpoolRig, folder: string): Pick<Prepared, 'needed' | 'torn'> => {
  rig.play(SEGMENTS);
  const old = rig.runId;
  const needed: string[] = [];
  for (let take = 1; take < SEGMENTS; take += 7) {
    rig.take(old, 60 * take + 20, 60 * take + 30);
    needed.push(join('spool', old, `seg-${String(60 * take).padStart(12, '0')}.wav`));
  }
  rig.nowMs += 30 * HOUR_MS;
  rig.beginRun();
  rig.play(1);
  mkdirSync(join(rig.folder, 'audio'));
  const torn: string[] = [];
  for (let file = 0; file < FILES; file += 1) {
    const takeId = rig.take(rig.runId, 10, 20, { loose: file % 2 === 0 });
    for (const part of ['window', 'rolls'] as const) {
      rig.file(takeId, part);
      needed.push(join('audio', `${takeId}${part}.wav`));
    }
    torn.push(`torn-${file}`);
    writeFileSync(join(rig.folder, 'audio', `torn-${file}.wav`), 'torn');
  }
  for (const path of needed) {
    if (path.startsWith('audio')) writeFileSync(join(rig.folder, path), 'sound');
  }
  rig.db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  cpSync(rig.folder, folder, { recursive: true, preserveTimestamps: true });
  return { needed, torn };
};

/** Makes the folder on which the work will be done. */
export const prepare = (work: StoreWork, folder: string, seed: number): Prepared => {
  let prepared: Prepared = { needed: [], torn: [], question: null };
  if (work === 'migration') prepareMigration(folder, seed);
  else {
    const rig = new SpoolRig();
    try {
      const more = work === 'removal' ? prepareRemoval(rig, folder) : {};
      if (work === 'backup') prepareBackup(rig, folder);
      const { newestFrame, nowMs, runId } = rig;
      prepared = {
        ...prepared,
        ...more,
        question: { newestFrame, nowMs, runId, pins: [], isClockTrusted: true },
      };
    } finally {
      rig.end();
    }
  }
  writeFileSync(join(folder, 'work.json'), JSON.stringify(prepared));
  return prepared;
};

const remove = (folder: string, { question, torn }: Prepared): void => {
  if (!question) throw new Error('nothing was prepared');
  const db = openDatabase(databasePath(folder));
  const { doomed } = spoolUse(db, join(folder, 'spool'), question, () => ROOMY);
  forget(db, doomed, question);
  db.transaction(() => noteTorn(db, torn, question.nowMs)).immediate();
  sweepTrash(db, trashFiles(folder), { nowMs: question.nowMs, mayEmpty: true });
  db.close();
};

const backUp = (folder: string): void => {
  const db = openDatabase(databasePath(folder));
  makeBackup(db, folder, FIRST_MS + HOUR_MS);
  db.close();
};

const WORK: { [K in StoreWork]: (folder: string, prepared: Prepared) => void } = {
  migration: (folder) => openStore(folder, FIRST_MS).db.close(),
  backup: backUp,
  removal: remove,
};

if (import.meta.main) {
  const [work = '', folder = ''] = process.argv.slice(2);
  const prepared = JSON.parse(readFileSync(join(folder, 'work.json'), 'utf8')) as Prepared;
  process.stdout.write('begun\n');
  WORK[work as StoreWork](folder, prepared);
  process.stdout.write('done\n');
}
