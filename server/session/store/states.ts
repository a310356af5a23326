/**
 * The files of plug-ins' states. A plug-in names two of them; the one it named before these is nobody's.
 *
 * What no plug-in names any more, or not yet, goes in two steps as sound does: after a day into the folder
 * `trash`, and a month later for good. The session file may have lost the row, or the row waits behind a
 * riff that waits for its sound; whatever is named again comes back.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { move } from './trash-files.ts';
import type { TrashSweep } from './trash.ts';
import { TRASH_MS } from './trash-time.ts';

/** The same state may have been told by another plug-in, whose row is on its way. */
const FRESH_MS = 60_000;
const UNNAMED_MS = 86_400_000;
const NAME = /^[0-9a-f]{64}\.state$/;

export const statesFolder = (dataFolder: string): string => join(dataFolder, 'states');

const inStates = (dataFolder: string, name: string): string => join(statesFolder(dataFolder), name);
const inTrash = (dataFolder: string, name: string): string => join(dataFolder, 'trash', name);

const NAMED = `SELECT id, session_id, state AS sha256 FROM plugin
  UNION ALL SELECT id, session_id, earlier_state FROM plugin`;

const nameOf = (sha256: string): string => `${sha256}.state`;
const shaOf = (name: string): string => name.slice(0, -'.state'.length);

/** By plug-ins of sessions that are there, or were removed after this; null = whenever that was. */
const namedSince = (db: Database, sinceMs: number | null): ReadonlySet<string> => {
  const rows = db
    .query(
      `SELECT DISTINCT sha256 FROM (${NAMED}) JOIN session ON session.id = session_id
       WHERE sha256 IS NOT NULL AND (removed_ms IS NULL OR removed_ms > coalesce(?, -1))`,
    )
    .all(sinceMs) as { sha256: string }[];
  return new Set(rows.map(({ sha256 }) => sha256));
};

const isNamed = (db: Database, sha256: string): boolean =>
  db.query(`SELECT 1 FROM (${NAMED}) WHERE sha256 = ? LIMIT 1`).get(sha256) !== null;

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    // No plug-in was ever loaded, or nothing was ever removed.
    return [];
  }
};

const ageMs = (path: string, nowMs: number): number => nowMs - statSync(path).mtimeMs;

type Sweep = Omit<TrashSweep, 'mayEmpty'>;

/** A file that refuses stays where it is, and holds up no other one. */
const each = (
  names: readonly string[],
  { onTrouble }: Pick<Sweep, 'onTrouble'>,
  act: (name: string) => void,
) => {
  for (const name of names) {
    try {
      act(name);
    } catch (error) {
      onTrouble?.(`${name}: ${String(error)}`);
    }
  }
};

/** Out of the trash, where they lie there. */
export const takeBackStates = (
  dataFolder: string,
  sha256s: Iterable<string>,
  told: Pick<Sweep, 'onTrouble'>,
): void =>
  each([...sha256s].map(nameOf), told, (name) => {
    const path = inTrash(dataFolder, name);
    if (existsSync(path)) move(path, inStates(dataFolder, name));
  });

/** What a plug-in names comes back. */
export const takeBackNamed = (
  db: Database,
  dataFolder: string,
  told: Pick<Sweep, 'onTrouble'>,
): void => takeBackStates(dataFolder, namedSince(db, null), told);

/** By a clock that is believed. Those of a removed session go a month after it. */
export const sweepStates = (db: Database, dataFolder: string, sweep: Sweep): void => {
  const { nowMs } = sweep;
  takeBackNamed(db, dataFolder, sweep);
  const named = namedSince(db, null);
  const needed = namedSince(db, nowMs - TRASH_MS);
  each(filesIn(join(dataFolder, 'trash')), sweep, (name) => {
    const path = inTrash(dataFolder, name);
    if (ageMs(path, nowMs) >= TRASH_MS) rmSync(path);
  });
  each(filesIn(statesFolder(dataFolder)), sweep, (name) => {
    const path = inStates(dataFolder, name);
    const sha256 = shaOf(name);
    if (needed.has(sha256)) return;
    if (named.has(sha256)) rmSync(path);
    else if (ageMs(path, nowMs) >= UNNAMED_MS) {
      // Its month begins now.
      utimesSync(path, nowMs / 1000, nowMs / 1000);
      move(path, inTrash(dataFolder, name));
    }
  });
};

/** States that plug-ins named until a newer one came: these go at once. */
export class ReplacedStates {
  readonly #replaced = new Set<string>();

  add(sha256: string | null): void {
    if (sha256 !== null) this.#replaced.add(sha256);
  }

  /** Those that are young stay for now. */
  remove(db: Database, dataFolder: string, sweep: Sweep): void {
    const { nowMs } = sweep;
    each([...this.#replaced].map(nameOf), sweep, (name) => {
      const path = inStates(dataFolder, name);
      const sha256 = shaOf(name);
      const isOurs = existsSync(path) && !isNamed(db, sha256);
      if (isOurs && ageMs(path, nowMs) < FRESH_MS) return;
      if (isOurs) rmSync(path);
      this.#replaced.delete(sha256);
    });
  }
}
