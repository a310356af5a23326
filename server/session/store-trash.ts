/**
 * Audio files that are nobody's go in two steps: a row, then into the folder `trash`; a month later
 * out of it for good.
 *
 * Nobody's are those that no take names and that are not what their names promise. What a take names
 * stays, also when its capture was cancelled: takes go with the player's consent alone. Each step asks
 * again, in the transaction that decides: what a take has come to name goes back. A crash between any
 * two of them is mended by the next sweep.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../synced-files.ts';

/** What lies in the trash is kept for so long. */
const KEPT_MS = 30 * 86_400_000;

const isNamed = (db: Database, sha256: string): boolean =>
  db.query('SELECT 1 FROM take_file WHERE sha256 = ? LIMIT 1').get(sha256) !== null;

/** Notes those that belong to no take. */
export const noteTorn = (db: Database, sha256s: readonly string[], nowMs: number): void => {
  const note = db.query(
    'INSERT INTO trash (sha256, since_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  for (const sha256 of sha256s) if (!isNamed(db, sha256)) note.run(sha256, nowMs);
};

/** What a sweep does to files. */
export interface TrashFiles {
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
  const forget = db.query('DELETE FROM trash WHERE sha256 = ?');
  const rows = db.query('SELECT sha256, since_ms FROM trash').all() as TrashRow[];
  for (const { sha256, since_ms: sinceMs } of rows) {
    db.transaction(() => {
      if (isNamed(db, sha256)) {
        files.takeBack(sha256);
        forget.run(sha256);
      } else if (nowMs - sinceMs < KEPT_MS) {
        if (files.isTorn(sha256)) files.drop(sha256);
      } else {
        files.remove(sha256);
        forget.run(sha256);
      }
    }).immediate();
  }
};
