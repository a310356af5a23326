/** A data folder as if the power had gone before any take got a file. */
import { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Nothing runs on the folder; not even a hash says what a take was.
 *
 * @param parts Which files are forgotten; those of windows are named by what the others lack.
 */
export const forgetFiles = (data: string, parts: readonly string[] = ['window', 'rolls']): void => {
  if (parts.includes('window')) rmSync(join(data, 'audio'), { recursive: true });
  const db = new Database(join(data, 'flowzone.db'));
  const triggers = db
    .query<{ name: string; sql: string }, []>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'take_file'",
    )
    .all();
  for (const { name } of triggers) db.run(`DROP TRIGGER ${name}`);
  for (const part of parts) db.query('DELETE FROM take_file WHERE part = ?').run(part);
  for (const { sql } of triggers) db.run(sql);
  db.close();
};
