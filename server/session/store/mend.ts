/**
 * The database of a data folder, in whatever state its file is: opened, brought up to date, or put
 * together again out of the newest backup that can be read and the journal.
 *
 * A file that cannot be read is never removed; it lies in the folder `aside` from then on.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupsIn, fullestFirst, makeBackup, seqOf } from './backup.ts';
import { DATABASE_PARTS, DamagedError, isOfNewerVersion, openDatabase } from './database.ts';
import { readJournal } from './journal.ts';
import type { MendedStore } from './stored.ts';
import type { CommittedWrite } from './write-requests.ts';
import { makeWholeCopy, putInPlace } from './mend-texts.ts';
import { replayLines } from './replay.ts';
import { keepRotten } from './rotten-texts.ts';
import { areTextsWhole } from './texts.ts';
import { makeFolder } from '../../make-folder.ts';
import { copySynced, syncPath } from '../../synced-files.ts';

export const databasePath = (dataFolder: string): string => join(dataFolder, 'flowzone.db');

export interface HowToOpen {
  /** See `openDatabase`. */
  readonly isAlone?: boolean;
  /** Commits of this engine's life that the journal could not take. */
  readonly owed?: readonly CommittedWrite[];
}

interface Opening extends Required<HowToOpen> {
  readonly dataFolder: string;
  readonly atMs: number;
}

/** There was a session here, and its file is gone. */
const isLost = ({ owed, dataFolder }: Opening): boolean => {
  const path = databasePath(dataFolder);
  if (existsSync(path) && statSync(path).size > 0) return false;
  if (owed.length > 0) return true;
  return backupsIn(dataFolder).length > 0 || readJournal(dataFolder, 0).lines.length > 0;
};

const open = ({ atMs, dataFolder, isAlone }: Opening): Database =>
  openDatabase(databasePath(dataFolder), {
    isAlone,
    beforeUpgrade: (db, version) => makeBackup(db, dataFolder, atMs, version),
  });

const putAside = (dataFolder: string, atMs: number): string => {
  const folder = join(dataFolder, 'aside');
  makeFolder(folder);
  const name = `flowzone-${new Date(atMs).toISOString().replaceAll(':', '-')}`;
  // More than once in the life of an engine, perhaps.
  let aside = join(folder, `${name}.db`);
  for (let next = 2; existsSync(aside); next += 1) aside = join(folder, `${name}-${next}.db`);
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
const restore = (opening: Opening) => {
  const { dataFolder } = opening;
  for (const backup of fullestFirst(dataFolder)) {
    remove(dataFolder);
    copySynced(backup.path, databasePath(dataFolder));
    try {
      const db = open(opening);
      if (!isOfNewerVersion(db)) return { db, backupAtMs: backup.atMs };
      db.close();
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
    }
  }
  remove(dataFolder);
  return { db: open(opening), backupAtMs: null };
};

/** One that cannot take them is closed: another one shall be able to open the file. */
const replay = (db: Database, { owed, dataFolder }: Opening) => {
  try {
    return replayLines(db, dataFolder, owed);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** What cannot be looked at now is found out by whoever reads it. */
const hasRot = (db: Database): boolean => {
  try {
    return !areTextsWhole(db);
  } catch {
    return false;
  }
};

const ROTTEN = 'a text in it was rotten';

const UNTOUCHED = { asidePath: null, backupAtMs: null, replayedCount: 0, missingCount: 0 };

/** It stays as it is, and that is told. */
const withRot = ({ dataFolder, isAlone }: Opening, { db, mended }: OpenedDatabase) => {
  try {
    const rotten = keepRotten(db, dataFolder, !isAlone);
    return {
      db,
      mended: rotten ? { ...(mended ?? { why: ROTTEN, ...UNTOUCHED }), rotten } : mended,
    };
  } catch (error) {
    db.close();
    throw error;
  }
};

/** One whose rotten texts others hold whole makes room for these. */
const withoutRot = (opening: Opening, opened: OpenedDatabase): OpenedDatabase => {
  const { atMs, owed, dataFolder } = opening;
  const { db, mended } = opened;
  if (isOfNewerVersion(db) || !hasRot(db)) return opened;
  const copy = makeWholeCopy({ dataFolder, seq: seqOf(db), owed });
  if (!copy) return withRot(opening, opened);
  const { backupAtMs, replayedCount } = copy;
  db.close();
  const asidePath = putAside(dataFolder, atMs);
  putInPlace(copy, databasePath(dataFolder));
  const why = ROTTEN;
  return {
    db: open(opening),
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
 */
export const openStore = (
  dataFolder: string,
  atMs: number,
  { owed = [], isAlone = false }: HowToOpen = {},
): OpenedDatabase => {
  const opening = { dataFolder, atMs, isAlone, owed };
  return withoutRot(opening, openReadable(opening));
};

const openReadable = (opening: Opening): OpenedDatabase => {
  try {
    if (isLost(opening)) throw new DamagedError('it is not there');
    const db = open(opening);
    if (isOfNewerVersion(db)) return { db, mended: null };
    const replayed = replay(db, opening);
    if (replayed.replayedCount + replayed.missingCount === 0) return { db, mended: null };
    const why = 'it had lost what was committed';
    return { db, mended: { why, asidePath: null, backupAtMs: null, ...replayed } };
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    const asidePath = putAside(opening.dataFolder, opening.atMs);
    const { db, backupAtMs } = restore(opening);
    const replayed = replay(db, opening);
    return { db, mended: { why: error.message, asidePath, backupAtMs, ...replayed } };
  }
};
