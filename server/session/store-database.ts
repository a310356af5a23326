/** Opens flowzone.db as the design asks: WAL, every commit synced, foreign keys, one schema. */
import { Database, SQLiteError } from 'bun:sqlite';
import { SCHEMA_VERSION, upgradeFrom } from './store-schema.ts';

const DAMAGED = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

class Damaged extends Error {}

/** Throws when it is damaged or of a newer FlowZone. */
const prepare = (db: Database): void => {
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  // Darwin's fsync does not reach the platter; elsewhere these change nothing.
  db.run('PRAGMA fullfsync = ON');
  db.run('PRAGMA checkpoint_fullfsync = ON');
  const check = db.query('PRAGMA quick_check(1)').get() as { quick_check: string } | null;
  if (check?.quick_check !== 'ok') throw new Damaged(check?.quick_check ?? 'it cannot be checked');
  const { user_version: version } = db.query('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > SCHEMA_VERSION) throw new Error('a newer FlowZone wrote it; start that one');
  // One transaction: a file is of the old version or of the new, never between.
  if (version < SCHEMA_VERSION) db.transaction(() => db.run(upgradeFrom(version)))();
};

/** What the player reads: which file, why, what is safe, what to do. */
const explained = (path: string, error: unknown): Error => {
  const why = error instanceof Error ? error.message : String(error);
  const isDamaged =
    error instanceof Damaged || (error instanceof SQLiteError && DAMAGED.has(error.code ?? ''));
  return new Error(
    isDamaged
      ? `The session file ${path} is damaged (${why}). The audio files beside it, in audio and ` +
          'spool, are intact. Put a copy of the session file in its place, or move it away to ' +
          'begin a new session.'
      : `The session file ${path} cannot be used (${why}). Nothing in it was changed.`,
  );
};

/** Throws with sentences for the player when the file cannot be used. */
export const openDatabase = (path: string): Database => {
  let db: Database | null = null;
  try {
    db = new Database(path, { create: true, strict: true });
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw explained(path, error);
  }
};
