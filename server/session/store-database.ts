/** Opens flowzone.db as the design asks: WAL, every commit synced, foreign keys, one schema. */
import { Database } from 'bun:sqlite';
import { SCHEMA, SCHEMA_VERSION } from './store-schema.ts';

/** Throws with one sentence when the file is damaged or of a newer FlowZone. */
export const openDatabase = (path: string): Database => {
  const db = new Database(path, { create: true, strict: true });
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  // Darwin's fsync does not reach the platter; elsewhere these change nothing.
  db.run('PRAGMA fullfsync = ON');
  db.run('PRAGMA checkpoint_fullfsync = ON');
  const check = db.query('PRAGMA quick_check(1)').get() as { quick_check: string } | null;
  if (check?.quick_check !== 'ok') throw new Error(`the session file is damaged: ${path}`);
  const { user_version: version } = db.query('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > SCHEMA_VERSION) {
    throw new Error(`the session file was written by a newer FlowZone: ${path}`);
  }
  if (version === 0) db.transaction(() => db.run(SCHEMA))();
  return db;
};
