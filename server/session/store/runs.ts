/** Rows of runs: those that an engine began, and those that were found by their files. */
import type { Database } from 'bun:sqlite';
import { writeListedFrom } from './hurts.ts';
import type { StoreWrite } from './write-requests.ts';

type Write<Kind extends StoreWrite['kind']> = Extract<StoreWrite, { kind: Kind }>;

/** When a run began that no engine has made: no ring is looked for. */
const FOUND_MS = 0;

export const writeFoundRun = (
  db: Database,
  { runId, sessionId, rateHz }: Write<'foundRun'>,
): void => {
  db.query(
    `INSERT INTO run (id, session_id, rate_hz, started_ms, ended_ms) VALUES (?, ?, ?, ?4, ?4)
     ON CONFLICT (id) DO NOTHING`,
  ).run(runId, sessionId, rateHz, FOUND_MS);
};

/** One that was found while nobody knew of it is that of an engine, with a grid of its own. */
export const writeRun = (
  db: Database,
  { runId, sessionId, rateHz, atMs, gridShift, listedFrom }: Write<'beginRun'>,
): void => {
  db.query(
    `DELETE FROM epoch WHERE run_id = ?1 AND from_frame = 0
     AND EXISTS (SELECT 1 FROM run WHERE id = ?1 AND started_ms = ?2)`,
  ).run(runId, FOUND_MS);
  db.query(
    `INSERT INTO run (id, session_id, rate_hz, started_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET session_id = excluded.session_id, rate_hz = excluded.rate_hz,
     started_ms = excluded.started_ms, ended_ms = NULL WHERE started_ms = ?`,
  ).run(runId, sessionId, rateHz, atMs, FOUND_MS);
  writeListedFrom(db, runId, listedFrom ?? null);
  db.query('UPDATE head SET grid_shift = ? WHERE session_id = ?').run(gridShift, sessionId);
};
