/**
 * Audio files that nothing needs go in two steps: a row, then into the folder `trash`; a month later
 * out of it for good.
 *
 * Nothing needs a file that belongs to no take and is not what its name promises, nor that of a
 * capture which was cancelled, a month ago, and is in no riff and no recipe. Each step asks again, in
 * the transaction that decides: what has come into use goes back. A crash between any two of them is
 * mended by the next sweep.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../synced-files.ts';

/** A cancelled capture, and what lies in the trash, is kept for so long. */
const KEPT_MS = 30 * 86_400_000;

/** What a take of this row is in: what plays, what could be recalled, what others are made of. */
const IN_USE = `EXISTS (SELECT 1 FROM riff_slot WHERE take_id = take.id)
  OR EXISTS (SELECT 1 FROM take AS made WHERE instr(made.recipe, take.id) > 0)`;

const NEEDS = `SELECT 1 FROM take_file JOIN take ON take.id = take_id
  WHERE sha256 = ?1 AND (loose = 0 OR created_ms > ?2 OR ${IN_USE}) LIMIT 1`;

const NAMES = 'SELECT 1 FROM take_file WHERE sha256 = ? LIMIT 1';

const CANCELLED = `SELECT DISTINCT sha256 FROM take_file JOIN take ON take.id = take_id
  WHERE loose = 1 AND created_ms <= ? AND NOT (${IN_USE})`;

const isNeeded = (db: Database, sha256: string, nowMs: number): boolean =>
  db.query(NEEDS).get(sha256, nowMs - KEPT_MS) !== null;

/** Notes those that nothing needs. */
const noteTrash = (db: Database, sha256s: readonly string[], nowMs: number): void => {
  const note = db.query(
    'INSERT INTO trash (sha256, since_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  for (const sha256 of sha256s) if (!isNeeded(db, sha256, nowMs)) note.run(sha256, nowMs);
};

/** Files that belong to no take, whatever they hold. */
export const noteTorn = (db: Database, sha256s: readonly string[], nowMs: number): void =>
  noteTrash(
    db,
    sha256s.filter((sha256) => db.query(NAMES).get(sha256) === null),
    nowMs,
  );

/** What a sweep does to files. */
export interface TrashFiles {
  isInAudio(sha256: string): boolean;
  /** Out of `audio` into the trash. */
  drop(sha256: string): void;
  /** Back into `audio`, unless one of this name is there. */
  takeBack(sha256: string): void;
  /** Out of the trash for good. */
  remove(sha256: string): void;
}

export const trashFiles = (dataFolder: string): TrashFiles => {
  const [audio, trash] = [join(dataFolder, 'audio'), join(dataFolder, 'trash')];
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const inAudio = (sha256: string) => join(audio, `${sha256}.wav`);
  const inTrash = (sha256: string) => join(trash, `${sha256}.wav`);
  return {
    isInAudio: (sha256) => existsSync(inAudio(sha256)),
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
export const moveTrash = (db: Database, files: TrashFiles, nowMs: number): void => {
  const forget = db.query('DELETE FROM trash WHERE sha256 = ?');
  const rows = db.query('SELECT sha256, since_ms FROM trash').all() as TrashRow[];
  for (const { sha256, since_ms: sinceMs } of rows) {
    db.transaction(() => {
      if (isNeeded(db, sha256, nowMs)) {
        files.takeBack(sha256);
        forget.run(sha256);
      } else if (nowMs - sinceMs < KEPT_MS) {
        if (files.isInAudio(sha256)) files.drop(sha256);
      } else {
        files.remove(sha256);
        forget.run(sha256);
      }
    }).immediate();
  }
};

/** Both steps for what was cancelled long ago; before a session is read, so that none has it. */
export const sweep = (db: Database, files: TrashFiles, nowMs: number): void => {
  const cancelled = db.query(CANCELLED).all(nowMs - KEPT_MS) as Pick<TrashRow, 'sha256'>[];
  const there = cancelled.map(({ sha256 }) => sha256).filter(files.isInAudio);
  db.transaction(() => noteTrash(db, there, nowMs)).immediate();
  moveTrash(db, files, nowMs);
};
