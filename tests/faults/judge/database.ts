/** Reads a database from outside: a copy with its log, so that nothing is recovered by looking. */
import { Database } from 'bun:sqlite';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const withCopy = <T>(path: string, read: (db: Database) => T): T => {
  const aside = mkdtempSync(join(tmpdir(), 'flowzone-judge-'));
  try {
    const copy = join(aside, 'copy.db');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    const db = new Database(copy, { strict: true });
    try {
      return read(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
};
