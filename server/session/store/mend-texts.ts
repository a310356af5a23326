/**
 * A session file with a rotten text, which SQLite calls sound: a backup and the journal put together
 * take its place where they hold all that it holds. Where they do not, it stays: one text is less than
 * what they lack, and it is not tried again before there is another backup.
 */
import { Database } from 'bun:sqlite';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copySynced, syncPath, writeSynced } from '../../synced-files.ts';
import { type Backup, backupsIn, fullestFirst, seqOf } from './backup.ts';
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

const notePath = (dataFolder: string): string => join(dataFolder, 'backup', 'not-whole.json');

/** As long as it is what it was. */
const markOf = ({ path }: Backup): string => {
  const { mtimeMs, size } = statSync(path);
  return `${basename(path)} ${size} ${mtimeMs}`;
};

/** Backups of which none, and no journal behind it, made a whole copy; null when nothing was tried. */
const readTried = (dataFolder: string): ReadonlySet<string> | null => {
  try {
    return new Set(JSON.parse(readFileSync(notePath(dataFolder), 'utf8')) as string[]);
  } catch {
    return null;
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

/**
 * Out of the fullest whole backup: an older one needs more of the journal, and what that has lost stays
 * lost.
 */
const firstWhole = (wanted: Wanted, path: string): WholeCopy | null => {
  const { dataFolder } = wanted;
  const tried = readTried(dataFolder);
  const isFresh = (backup: Backup) => !tried?.has(markOf(backup));
  if (tried && !backupsIn(dataFolder).some(isFresh)) return null;
  const backup = fullestFirst(dataFolder).filter(isFresh).find(isWhole) ?? null;
  const made = backup || !tried ? copyOf(wanted, path, backup) : null;
  if (made) return made;
  clear(path);
  writeSynced(notePath(dataFolder), JSON.stringify(backupsIn(dataFolder).map(markOf)));
  return null;
};

/** Null when there is none, or no room for one; nothing is left of it then. */
export const makeWholeCopy = (wanted: Wanted): WholeCopy | null => {
  const path = join(wanted.dataFolder, 'backup', 'tmp-mended.db');
  try {
    return firstWhole(wanted, path);
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
