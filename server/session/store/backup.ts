/**
 * Copies of the database: one an hour and one at an exit, of which those of the last 24 hours and 7
 * days are kept, and one of each older version before it is brought up to date. The journal is kept
 * as far back as they go.
 *
 * Only of the database: audio files are named by their contents and never change.
 */
import { Database } from 'bun:sqlite';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { shortenJournal } from './journal.ts';
import { renameSynced, syncPath } from '../../synced-files.ts';

const HOURS_KEPT = 24;
const DAYS_KEPT = 7;
/** A larger one would hold the end up: the last hourly copy and the journal have to do. */
const EXIT_BYTES_MAX = 64 * 1_048_576;
const NAME = /^flowzone-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)(-v\d+)?\.db$/;

export interface Backup {
  readonly path: string;
  readonly atMs: number;
  /** Made before the file was brought to a newer version; kept for good. */
  readonly isOfOldVersion: boolean;
}

const backupFolder = (dataFolder: string): string => join(dataFolder, 'backup');

/** Newest first. */
export const backupsIn = (dataFolder: string): Backup[] => {
  const folder = backupFolder(dataFolder);
  makeFolder(folder);
  return readdirSync(folder)
    .flatMap((name) => {
      const [, hour, minutes, seconds, version] = NAME.exec(name) ?? [];
      const atMs = Date.parse(`${hour}:${minutes}:${seconds}`);
      return Number.isNaN(atMs)
        ? []
        : [{ path: join(folder, name), atMs, isOfOldVersion: version !== undefined }];
    })
    .toSorted((a, b) => b.atMs - a.atMs);
};

/** The newest of each of the last so many spans in which there is one. */
const newestPer = (backups: readonly Backup[], spanMs: number, count: number): Backup[] => {
  const bySpan = new Map<number, Backup>();
  for (const backup of backups) {
    const span = Math.floor(backup.atMs / spanMs);
    if (!bySpan.has(span) && bySpan.size < count) bySpan.set(span, backup);
  }
  return [...bySpan.values()];
};

const HOUR_MS = 3_600_000;

/** @param made Stays, whatever its date: it holds the most. */
const thin = (dataFolder: string, made: string): void => {
  const ordinary = backupsIn(dataFolder).filter((backup) => !backup.isOfOldVersion);
  const kept = new Set([
    ...newestPer(ordinary, HOUR_MS, HOURS_KEPT),
    ...newestPer(ordinary, 24 * HOUR_MS, DAYS_KEPT),
    ...ordinary.filter(({ path }) => path === made),
  ]);
  for (const backup of ordinary) if (!kept.has(backup)) rmSync(backup.path);
  // Not that of the oldest date: the clock may have been wrong.
  const seqs = [...kept].map(seqOfBackup);
  shortenJournal(dataFolder, seqs.length === 0 ? 0 : Math.min(...seqs));
};

/** How many writes a database holds; a journal goes on from there. */
export const seqOf = (db: Database): number =>
  (db.query('SELECT seq FROM journal').get() as { seq: number }).seq;

/** 0 when it cannot be read: everything would have to come out of the journal. */
export const seqOfBackup = ({ path }: Backup): number => {
  try {
    using db = new Database(path, { readonly: true });
    return seqOf(db);
  } catch {
    return 0;
  }
};

/** The one that holds the most commits first, whatever the clock said when they were made. */
export const fullestFirst = (dataFolder: string): Backup[] =>
  backupsIn(dataFolder)
    .map((backup) => ({ backup, seq: seqOfBackup(backup) }))
    .toSorted((a, b) => b.seq - a.seq || b.backup.atMs - a.backup.atMs)
    .map(({ backup }) => backup);

/** One of them has this many commits. */
export const isBackedUp = (backups: readonly Backup[], seq: number): boolean =>
  backups.some((backup) => seqOfBackup(backup) === seq);

/**
 * Whole and on disk when it returns. Reading is all it does to the database, so that a connection of
 * its own can make it while another one writes.
 *
 * @param oldVersion What the file is before it is brought up to date.
 */
export const makeBackup = (
  db: Database,
  dataFolder: string,
  atMs: number,
  oldVersion?: number,
): void => {
  const folder = backupFolder(dataFolder);
  makeFolder(folder);
  const stamp = new Date(atMs).toISOString().replaceAll(':', '-');
  const version = oldVersion === undefined ? '' : `-v${oldVersion}`;
  const temporary = join(folder, 'tmp-backup.db');
  const made = join(folder, `flowzone-${stamp}${version}.db`);
  // One that was cut off leaves SQLite's own journal beside it.
  const clear = () => {
    for (const left of [temporary, `${temporary}-journal`]) rmSync(left, { force: true });
  };
  clear();
  try {
    db.query('VACUUM INTO ?').run(temporary);
    syncPath(temporary);
    renameSynced(temporary, made);
  } catch (error) {
    // On a full disk others need the room.
    clear();
    throw error;
  }
  thin(dataFolder, made);
};

/** Unless the newest holds all of it, or the copy would take longer than an end may. */
export const backUpAtExit = (
  db: Database,
  dataFolder: string,
  atMs: number,
  bytesMax: number = EXIT_BYTES_MAX,
): void => {
  const isHeld = isBackedUp(backupsIn(dataFolder), seqOf(db));
  if (!isHeld && statSync(db.filename).size <= bytesMax) makeBackup(db, dataFolder, atMs);
};
