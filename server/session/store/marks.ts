/** Rows of stars. */
import type { Database } from 'bun:sqlite';
import { STORE_PAGE } from './port.ts';
import type { StoredMark } from './stored.ts';
import type { StoreWrite } from './write-requests.ts';

type MarkWrite = Extract<StoreWrite, { kind: 'mark' }>;

export const writeMark = (db: Database, { label, riffId, sessionId }: MarkWrite): void => {
  if (label === null) {
    db.query('DELETE FROM mark WHERE riff_id = ?').run(riffId);
    return;
  }
  db.query(
    `INSERT INTO mark (riff_id, session_id, label) VALUES (?, ?, ?)
     ON CONFLICT (riff_id) DO UPDATE SET label = excluded.label`,
  ).run(riffId, sessionId, label);
};

export const readMarks = (db: Database, sessionId: string, afterRow: number): StoredMark[] =>
  db
    .query(
      `SELECT rowid AS row, riff_id AS riffId, label FROM mark
       WHERE session_id = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .all(sessionId, afterRow, STORE_PAGE) as StoredMark[];
