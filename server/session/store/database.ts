/** Opens flowzone.db as the design asks: WAL, every commit synced, foreign keys, one schema. */
import { Database, SQLiteError } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { syncPath } from '../../synced-files.ts';
import { SCHEMA_VERSION, upgradeFrom } from './schema.ts';

/** A database and what SQLite keeps beside it. */
export const DATABASE_PARTS = ['', '-wal', '-shm'];

/** What it holds cannot be trusted; another copy is needed. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

export interface OpenOptions {
  /**
   * Nobody else can read it meanwhile; what SQLite shares with them in a file is in memory then, so that a
   * full disk can be read.
   */
  readonly isAlone?: boolean;
  /** Called before a file that holds something is brought up to date. */
  beforeUpgrade?(db: Database, version: number): void;
}

/** Another copy of the file is needed. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedError ||
  (error instanceof SQLiteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code ?? ''));

const versionOf = (db: Database): number =>
  (db.query('PRAGMA user_version').get() as { user_version: number }).user_version;

/** It is read, and never written. */
export const isOfNewerVersion = (db: Database): boolean => versionOf(db) > SCHEMA_VERSION;

const connect = (
  path: string,
  how: ConstructorParameters<typeof Database>[1],
  { isAlone = false }: OpenOptions,
): Database => {
  const db = new Database(path, how);
  // Before it is read for the first time: later it would not hold.
  if (isAlone) db.run('PRAGMA locking_mode = EXCLUSIVE');
  return db;
};

const check = (db: Database): void => {
  const found = db.query('PRAGMA quick_check(1)').get() as { quick_check: string } | null;
  if (found?.quick_check !== 'ok') {
    throw new DamagedError(found?.quick_check ?? 'it cannot be checked');
  }
};

const setUp = (db: Database): void => {
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  // Darwin's fsync does not reach the platter; elsewhere these change nothing.
  db.run('PRAGMA fullfsync = ON');
  db.run('PRAGMA checkpoint_fullfsync = ON');
};

/**
 * What was committed, through the drive's own cache as well.
 *
 * The SQLite of macOS is reported to take `fullfsync` for a barrier: it keeps the order and waits for nothing.
 */
export const makeCommitFlush =
  (isMac: boolean, sync = syncPath) =>
  ({ filename }: Pick<Database, 'filename'>): void => {
    if (!isMac) return;
    const log = `${filename}-wal`;
    sync(existsSync(log) ? log : filename);
  };

export const flushCommits = makeCommitFlush(process.platform === 'darwin');

/** One transaction: a file is of the old version or of the new, never between. */
const upgrade = (db: Database, version: number, { beforeUpgrade }: OpenOptions): void => {
  if (version > 0) beforeUpgrade?.(db, version);
  db.transaction(() => db.run(upgradeFrom(version)))();
};

/** Throws `DamagedError`, or sentences for the player when the file cannot be used. */
export const openDatabase = (path: string, options: OpenOptions = {}): Database => {
  let db: Database | null = null;
  try {
    db = connect(path, { create: true, strict: true }, options);
    if (isOfNewerVersion(db)) {
      db.close();
      db = connect(path, { readonly: true, strict: true }, options);
      check(db);
      return db;
    }
    setUp(db);
    check(db);
    const version = versionOf(db);
    if (version < SCHEMA_VERSION) upgrade(db, version, options);
    return db;
  } catch (error) {
    db?.close();
    const why = error instanceof Error ? error.message : String(error);
    if (isDamage(error)) throw new DamagedError(why);
    throw new Error(
      `The session file ${path} cannot be used (${why}). Nothing in it was changed.`,
      { cause: error },
    );
  }
};
