/**
 * The database of a data folder, in whatever state its file is: opened, brought up to date, or put
 * together again out of the newest backup that can be read and the journal.
 *
 * A file that cannot be read is never removed; it lies in the folder `aside` from then on.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupsIn, fullestFirst, makeBackup } from './backup.ts';
import { DATABASE_PARTS, DamagedError, isOfNewerVersion, openDatabase } from './database.ts';
import { readJournal } from './journal.ts';
import type { MendedStore } from './stored.ts';
import { makeWholeCopy, putInPlace } from './mend-texts.ts';
import { replayLines } from './replay.ts';
import { areTextsWhole } from './texts.ts';
import { copySynced, syncPath } from '../../synced-files.ts';

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
  for (const part of DATABASE_PARTS) {
    const path = databasePath(dataFolder) + part;
    if (existsSync(path)) renameSync(path, aside + part);
  }
  syncPath(folder);
  syncPath(dataFolder);
  return aside;
};

const remove = (dataFolder: string): void => {
  for (const part of DATABASE_PARTS) rmSync(databasePath(dataFolder) + part, { force: true });
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

/** One that cannot take them is closed: another one shall be able to open the file. */
const replay = (db: Database, dataFolder: string) => {
  try {
    return replayLines(db, dataFolder);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** One whose rotten texts others hold whole makes room for these. */
const withoutRot = (dataFolder: string, atMs: number, isAlone: boolean, opened: OpenedDatabase) => {
  const { db, mended } = opened;
  if (isOfNewerVersion(db) || areTextsWhole(db)) return opened;
  const copy = makeWholeCopy(dataFolder, db);
  if (!copy) return opened;
  const { backupAtMs, replayedCount } = copy;
  db.close();
  const asidePath = putAside(dataFolder, atMs);
  putInPlace(copy, databasePath(dataFolder));
  const why = 'a text in it was rotten';
  return {
    db: open(dataFolder, atMs, isAlone),
    mended: mended ?? { why, asidePath, backupAtMs, replayedCount, missingCount: 0 },
  };
};

interface OpenedDatabase {
  readonly db: Database;
  /** Null = nothing had to be mended. */
  readonly mended: MendedStore | null;
}

/**
 * Throws sentences for the player when the file cannot be used for another reason than damage.
 *
 * @param atMs Names what is put aside and what is backed up.
 * @param isAlone See `openDatabase`.
 */
export const openStore = (dataFolder: string, atMs: number, isAlone = false): OpenedDatabase =>
  withoutRot(dataFolder, atMs, isAlone, openReadable(dataFolder, atMs, isAlone));

const openReadable = (dataFolder: string, atMs: number, isAlone: boolean): OpenedDatabase => {
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
