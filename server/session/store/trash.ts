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
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../../synced-files.ts';
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

const OF_REMOVED = `SELECT DISTINCT sha256 FROM session
  JOIN take ON take.session_id = session.id JOIN take_file ON take_id = take.id
  WHERE session.removed_ms IS NOT NULL`;

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
  const removed = db.query(OF_REMOVED).all() as Pick<TrashRow, 'sha256'>[];
  for (const { sha256 } of removed) {
    if (files.isInAudio(sha256) && !isNeeded(db, sha256)) note.run(sha256, nowMs);
  }
};

/** What a sweep does to files. */
export interface TrashFiles {
  isInAudio(sha256: string): boolean;
  /** In `audio`, and not what its name promises: what was finished since is no longer torn. */
  isTorn(sha256: string): boolean;
  /** Out of `audio` into the trash. */
  drop(sha256: string): void;
  /** Back into `audio`, unless one of this name is there. */
  takeBack(sha256: string): void;
  /** Out of the trash for good. */
  remove(sha256: string): void;
}

const hashOf = (path: string): string =>
  new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');

export const trashFiles = (dataFolder: string): TrashFiles => {
  const [audio, trash] = [join(dataFolder, 'audio'), join(dataFolder, 'trash')];
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const inAudio = (sha256: string) => join(audio, `${sha256}.wav`);
  const inTrash = (sha256: string) => join(trash, `${sha256}.wav`);
  return {
    isInAudio: (sha256) => existsSync(inAudio(sha256)),
    isTorn: (sha256) => existsSync(inAudio(sha256)) && hashOf(inAudio(sha256)) !== sha256,
    drop(sha256) {
      renameSync(inAudio(sha256), inTrash(sha256));
      syncPath(trash);
    },
    takeBack(sha256) {
      if (existsSync(inAudio(sha256)) || !existsSync(inTrash(sha256))) return;
      renameSync(inTrash(sha256), inAudio(sha256));
      syncPath(audio);
    },
    remove(sha256) {
      rmSync(inTrash(sha256), { force: true });
    },
  };
};

interface TrashRow {
  readonly sha256: string;
  readonly since_ms: number;
}

/** Brings the files to where their rows say they are. */
export const sweepTrash = (db: Database, files: TrashFiles, nowMs: number): void => {
  db.transaction(() => noteRemoved(db, files, nowMs)).immediate();
  const forget = db.query('DELETE FROM trash WHERE sha256 = ?');
  const rows = db.query('SELECT sha256, since_ms FROM trash').all() as TrashRow[];
  for (const { sha256, since_ms: sinceMs } of rows) {
    db.transaction(() => {
      if (isNeeded(db, sha256)) {
        files.takeBack(sha256);
        forget.run(sha256);
      } else if (nowMs - sinceMs < TRASH_MS) {
        const isGiven = isNamed(db, sha256) && files.isInAudio(sha256);
        if (isGiven || files.isTorn(sha256)) files.drop(sha256);
      } else {
        files.remove(sha256);
        forget.run(sha256);
      }
    }).immediate();
  }
};
