/**
 * The database of a data folder, in whatever state its file is: opened, brought up to date, or put
 * together again out of the newest backup that can be read and the journal.
 *
 * A file that cannot be read is never removed; it lies in the folder `aside` from then on.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupsIn, fullestFirst, makeBackup, seqOf } from './backup.ts';
import { DamagedError, isOfNewerVersion, openDatabase } from './database.ts';
import { readJournal } from './journal.ts';
import { unlistHurts } from './hurts.ts';
import type { MendedStore } from './port.ts';
import { isRefusal, write } from './write.ts';
import { copySynced, syncPath } from '../../synced-files.ts';

/** A database and what SQLite keeps beside it. */
const PARTS = ['', '-wal', '-shm'];

export const databasePath = (dataFolder: string): string => join(dataFolder, 'flowzone.db');

/** There was a session here, and its file is gone. */
const isLost = (dataFolder: string): boolean => {
  const path = databasePath(dataFolder);
  if (existsSync(path) && statSync(path).size > 0) return false;
  return backupsIn(dataFolder).length > 0 || readJournal(dataFolder, 0).lines.length > 0;
};

const open = (dataFolder: string, atMs: number, isAlone: boolean): Database =>
  openDatabase(databasePath(dataFolder), {
    isAlone,
    beforeUpgrade: (db, version) => makeBackup(db, dataFolder, atMs, version),
  });

const putAside = (dataFolder: string, atMs: number): string => {
  const folder = join(dataFolder, 'aside');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `flowzone-${new Date(atMs).toISOString().replaceAll(':', '-')}.db`);
  for (const part of PARTS) {
    const path = databasePath(dataFolder) + part;
    if (existsSync(path)) renameSync(path, aside + part);
  }
  syncPath(folder);
  syncPath(dataFolder);
  return aside;
};

const remove = (dataFolder: string): void => {
  for (const part of PARTS) rmSync(databasePath(dataFolder) + part, { force: true });
};

/** From the fullest backup that can be used, or empty. */
const restore = (dataFolder: string, atMs: number, isAlone: boolean) => {
  for (const backup of fullestFirst(dataFolder)) {
    remove(dataFolder);
    copySynced(backup.path, databasePath(dataFolder));
    try {
      const db = open(dataFolder, atMs, isAlone);
      if (!isOfNewerVersion(db)) return { db, backupAtMs: backup.atMs };
      db.close();
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
    }
  }
  remove(dataFolder);
  return { db: open(dataFolder, atMs, isAlone), backupAtMs: null };
};

/** Commits that the journal holds and the database does not; all of them or none. */
const replayLines = (db: Database, dataFolder: string) => {
  let heldSeq = seqOf(db);
  let [replayedCount, missingCount] = [0, 0];
  const { lines, tornSeq } = readJournal(dataFolder, heldSeq);
  db.transaction(() => {
    for (const line of lines) {
      missingCount += line.seq - heldSeq - 1;
      heldSeq = line.seq;
      try {
        write(db, line.write, line.seq);
        replayedCount += 1;
      } catch (error) {
        // It hangs on one that is missing.
        if (!isRefusal(error)) throw error;
        missingCount += 1;
      }
    }
    if (tornSeq > heldSeq) missingCount += 1;
    if (missingCount > 0) unlistHurts(db);
  }).immediate();
  return { replayedCount, missingCount };
};

/** One that cannot take them is closed: another one shall be able to open the file. */
const replay = (db: Database, dataFolder: string) => {
  try {
    return replayLines(db, dataFolder);
  } catch (error) {
    db.close();
    throw error;
  }
};

/**
 * Throws sentences for the player when the file cannot be used for another reason than damage.
 *
 * @param atMs Names what is put aside and what is backed up.
 * @param isAlone See `openDatabase`.
 */
export const openStore = (
  dataFolder: string,
  atMs: number,
  isAlone = false,
): { db: Database; mended: MendedStore | null } => {
  try {
    if (isLost(dataFolder)) throw new DamagedError('it is not there');
    const db = open(dataFolder, atMs, isAlone);
    if (isOfNewerVersion(db)) return { db, mended: null };
    const replayed = replay(db, dataFolder);
    if (replayed.replayedCount + replayed.missingCount === 0) return { db, mended: null };
    const why = 'it had lost what was committed';
    return { db, mended: { why, asidePath: null, backupAtMs: null, ...replayed } };
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    const asidePath = putAside(dataFolder, atMs);
    const { db, backupAtMs } = restore(dataFolder, atMs, isAlone);
    const replayed = replay(db, dataFolder);
    return { db, mended: { why: error.message, asidePath, backupAtMs, ...replayed } };
  }
};
