/**
 * Audio files that are nobody's go in two steps: a row, then into the folder `trash`; a month later
 * out of it for good.
 *
 * Nobody's are those that no take names and that are not what their names promise, and those of a
 * session that the player removed, unless another one plays their takes. What else a take names stays,
 * also when its capture was cancelled: takes go with the player's consent alone. Each step asks again,
 * in the transaction that decides: what has come to be needed goes back. A crash between any two of
 * them is mended by the next sweep.
 */
import type { Database } from 'bun:sqlite';
import { isDamage } from './database.ts';
import type { TrashFiles } from './trash-files.ts';
import { TRASH_MS } from './trash-time.ts';

/** What a session that is there says of a take, whichever session it was made in. */
export const IS_TAKE_NEEDED = `EXISTS (SELECT 1 FROM session
    WHERE session.id = take.session_id AND removed_ms IS NULL)
  OR EXISTS (SELECT 1 FROM riff_slot JOIN riff ON riff.id = riff_id
    JOIN session ON session.id = riff.session_id
    WHERE riff_slot.take_id = take.id AND removed_ms IS NULL)
  OR EXISTS (SELECT 1 FROM take AS made JOIN session ON session.id = made.session_id
    WHERE made.recipe IS NOT NULL AND removed_ms IS NULL AND instr(made.recipe, take.id) > 0)`;

const NEEDS = `SELECT 1 FROM take_file WHERE sha256 = ?
  AND EXISTS (SELECT 1 FROM take WHERE take.id = take_id AND (${IS_TAKE_NEEDED})) LIMIT 1`;

const OF_REMOVED = `SELECT sha256, max(removed_ms) AS removedMs FROM session
  JOIN take ON take.session_id = session.id JOIN take_file ON take_id = take.id
  WHERE session.removed_ms IS NOT NULL GROUP BY sha256`;

const isNeeded = (db: Database, sha256: string): boolean => db.query(NEEDS).get(sha256) !== null;

const isNamed = (db: Database, sha256: string): boolean =>
  db.query('SELECT 1 FROM take_file WHERE sha256 = ? LIMIT 1').get(sha256) !== null;

/** Notes those that belong to no take. */
export const noteTorn = (db: Database, sha256s: readonly string[], nowMs: number): void => {
  const note = db.query(
    'INSERT INTO trash (sha256, since_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  for (const sha256 of sha256s) if (!isNamed(db, sha256)) note.run(sha256, nowMs);
};

/** Notes those of removed sessions; the month begins when they go. */
const noteRemoved = (db: Database, files: TrashFiles, nowMs: number): void => {
  const note = db.query(
    `INSERT INTO trash (sha256, since_ms) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET since_ms = excluded.since_ms`,
  );
  const removed = db.query(OF_REMOVED).all() as { sha256: string; removedMs: number }[];
  for (const { removedMs, sha256 } of removed) {
    if (!files.isInAudio(sha256) || isNeeded(db, sha256)) continue;
    // The clock may have been set back since.
    note.run(sha256, Math.max(nowMs, removedMs));
  }
};

interface TrashRow {
  readonly sha256: string;
  readonly since_ms: number;
}

export interface TrashSweep {
  /** Wall clock. */
  readonly nowMs: number;
  /** What has lain there for its month may go for good; not by a clock that may be wrong. */
  readonly mayEmpty: boolean;
  /** Told of each file that refused. */
  onTrouble?(why: string): void;
}

const sweepOne = (
  db: Database,
  files: TrashFiles,
  { sha256, since_ms: sinceMs }: TrashRow,
  { mayEmpty, nowMs }: TrashSweep,
): void => {
  const forget = () => db.query('DELETE FROM trash WHERE sha256 = ?').run(sha256);
  if (isNeeded(db, sha256)) {
    files.takeBack(sha256);
    forget();
  } else if (mayEmpty && nowMs - sinceMs >= TRASH_MS) {
    files.remove(sha256);
    forget();
  } else {
    const isGiven = isNamed(db, sha256) && files.isInAudio(sha256);
    if (isGiven || files.isTorn(sha256)) files.drop(sha256);
  }
};

/**
 * Brings the files to where their rows say they are.
 *
 * A file that refuses stays where it is until the next sweep, and holds up no other one. Throws only
 * when the session file itself fails.
 */
export const sweepTrash = (db: Database, files: TrashFiles, sweep: TrashSweep): void => {
  db.transaction(() => noteRemoved(db, files, sweep.nowMs)).immediate();
  const rows = db.query('SELECT sha256, since_ms FROM trash').all() as TrashRow[];
  for (const row of rows) {
    try {
      db.transaction(() => sweepOne(db, files, row, sweep)).immediate();
    } catch (error) {
      if (isDamage(error)) throw error;
      sweep.onTrouble?.(`${row.sha256}.wav: ${String(error)}`);
    }
  }
};
