/** Opens flowzone.db as the design asks: WAL, every commit synced, foreign keys, one schema. */
import { Database, SQLiteError } from 'bun:sqlite';
import { SCHEMA_VERSION, upgradeFrom } from './schema.ts';

/** What it holds cannot be trusted; another copy is needed. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

export interface UpgradeOptions {
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

/** One transaction: a file is of the old version or of the new, never between. */
const upgrade = (db: Database, version: number, { beforeUpgrade }: UpgradeOptions): void => {
  if (version > 0) beforeUpgrade?.(db, version);
  db.transaction(() => db.run(upgradeFrom(version)))();
};

/** Throws `DamagedError`, or sentences for the player when the file cannot be used. */
export const openDatabase = (path: string, options: UpgradeOptions = {}): Database => {
  let db: Database | null = null;
  try {
    db = new Database(path, { create: true, strict: true });
    if (isOfNewerVersion(db)) {
      db.close();
      db = new Database(path, { readonly: true, strict: true });
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
