/**
 * A session file with a rotten text, which SQLite calls sound: a backup and the journal put together
 * take its place where they hold all that it holds. Where they do not, it stays: one text is less than
 * what they lack.
 */
import { Database } from 'bun:sqlite';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copySynced, syncPath } from '../../synced-files.ts';
import { type Backup, fullestFirst, seqOf } from './backup.ts';
import { DATABASE_PARTS, openDatabase } from './database.ts';
import type { CommittedWrite } from './write-requests.ts';
import { replayLines } from './replay.ts';
import { areTextsWhole } from './texts.ts';

interface Wanted {
  readonly dataFolder: string;
  /** The number of its last commit. */
  readonly seq: number;
  readonly owed: readonly CommittedWrite[];
}

/** Beside the session file and not in its place yet. */
export interface WholeCopy {
  readonly path: string;
  /** Null = the journal alone. */
  readonly backupAtMs: number | null;
  readonly replayedCount: number;
}

const clear = (path: string): void => {
  for (const part of DATABASE_PARTS) rmSync(path + part, { force: true });
};

const isWhole = ({ path }: Backup): boolean => {
  try {
    using db = new Database(path, { readonly: true });
    return areTextsWhole(db);
  } catch {
    return false;
  }
};

/** Null when it would not hold every commit up to `seq`, or holds rotten texts itself. */
const copyOf = (
  { owed, dataFolder, seq }: Wanted,
  path: string,
  backup: Backup | null,
): WholeCopy | null => {
  clear(path);
  if (backup) copySynced(backup.path, path);
  const db = openDatabase(path);
  try {
    const { missingCount, replayedCount } = replayLines(db, dataFolder, owed);
    const isAll = missingCount === 0 && seqOf(db) === seq && areTextsWhole(db);
    return isAll ? { path, backupAtMs: backup?.atMs ?? null, replayedCount } : null;
  } finally {
    // The last one to close it brings its log into it.
    db.close();
  }
};

/** Null when there is none, or no room for one; nothing is left of it then. */
export const makeWholeCopy = (wanted: Wanted): WholeCopy | null => {
  const { dataFolder } = wanted;
  const path = join(dataFolder, 'backup', 'tmp-mended.db');
  try {
    const backup = fullestFirst(dataFolder).find(isWhole) ?? null;
    const made = copyOf(wanted, path, backup);
    if (!made) clear(path);
    return made;
  } catch {
    clear(path);
    return null;
  }
};

/** The session file was put aside. */
export const putInPlace = ({ path }: WholeCopy, place: string): void => {
  for (const part of DATABASE_PARTS)
    if (existsSync(path + part)) renameSync(path + part, place + part);
  syncPath(dirname(place));
};
