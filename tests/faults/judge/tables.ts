/** What a database holds, as one number: files only, and nothing of the product. */
import type { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { withCopy } from './database.ts';

const contentsOf = (db: Database): string => {
  const [check] = db.query('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
  if (check?.integrity_check !== 'ok') throw new Error(check?.integrity_check ?? 'no answer');
  const hash = createHash('sha256');
  hash.update(JSON.stringify(db.query('PRAGMA user_version').get()));
  const tables = db
    .query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string }[];
  for (const { name } of tables.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const rows = db.query(`SELECT * FROM ${name}`).all();
    hash.update(name).update(
      rows
        .map((row) => JSON.stringify(row))
        .toSorted()
        .join('\n'),
    );
  }
  return hash.digest('hex');
};

/** Read from a copy with its log, so that nothing is recovered by looking; or why it cannot be read. */
export const tablesHash = (path: string): string => {
  try {
    return withCopy(path, contentsOf);
  } catch (error) {
    return `unreadable: ${String(error)}`;
  }
};
