/** Reads flowzone.db from outside: a copy of it, so that the product recovers its own files. */
import type { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withCopy } from './database.ts';

export interface StoredTake {
  readonly id: string;
  readonly runId: string;
  readonly source: number;
  readonly fromFrame: number;
  readonly toFrame: number;
}

export interface StoredFile {
  readonly takeId: string;
  readonly part: 'window' | 'rolls';
  readonly sha256: string;
  readonly bytes: number;
  readonly preFrames: number;
}

export interface Stored {
  /** What is wrong with the database itself; empty = nothing. */
  readonly faults: string[];
  readonly takes: ReadonlyMap<string, StoredTake>;
  readonly files: readonly StoredFile[];
  /** Takes that a riff plays. */
  readonly played: ReadonlySet<string>;
  /** Slot and take of the riff that plays when the session is opened. */
  readonly head: readonly { readonly slot: number; readonly takeId: string }[];
  /** Runs in the order in which they began. */
  readonly runs: readonly string[];
  readonly gaps: number;
  readonly gapFrames: number;
}

const NOTHING: Stored = {
  faults: [],
  takes: new Map(),
  files: [],
  played: new Set(),
  head: [],
  runs: [],
  gaps: 0,
  gapFrames: 0,
};

/** Each riff names the hash of the one that was written before it. */
const brokenChains = (db: Database): string[] => {
  const riffs = db
    .query('SELECT seq, prev_hash AS previous, hash FROM riff ORDER BY session_id, rowid')
    .all() as { seq: number; previous: string; hash: string }[];
  return riffs.flatMap(({ previous, seq }, index) =>
    index === 0 || previous === riffs[index - 1]?.hash ? [] : [`riff ${seq} breaks the chain`],
  );
};

const faultsOf = (db: Database): string[] => {
  const integrity = db.query('PRAGMA integrity_check').all() as { integrity_check: string }[];
  const says = integrity.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const dangling = db.query('PRAGMA foreign_key_check').all();
  return [
    ...says,
    ...dangling.map((row) => `dangling: ${JSON.stringify(row)}`),
    ...brokenChains(db),
  ];
};

const contentOf = (db: Database): Stored => {
  const all = <Row>(sql: string) => db.query(sql).all() as Row[];
  const takes = all<StoredTake>(
    `SELECT id, run_id AS runId, source, from_frame AS fromFrame, to_frame AS toFrame FROM take
     WHERE recipe IS NULL`,
  );
  const played = all<{ id: string }>(
    'SELECT DISTINCT take_id AS id FROM riff_slot WHERE take_id IS NOT NULL',
  );
  const [gaps] = all<{ count: number; frames: number | null }>(
    'SELECT COUNT(*) AS count, SUM(to_frame - from_frame) AS frames FROM gap',
  );
  return {
    faults: faultsOf(db),
    takes: new Map(takes.map((take) => [take.id, take])),
    files: all<StoredFile>(
      'SELECT take_id AS takeId, part, sha256, bytes, pre_frames AS preFrames FROM take_file',
    ),
    played: new Set(played.map(({ id }) => id)),
    head: all(
      `SELECT slot, take_id AS takeId FROM riff_slot JOIN head ON head.riff_id = riff_slot.riff_id
       WHERE take_id IS NOT NULL ORDER BY slot`,
    ),
    runs: all<{ id: string }>('SELECT id FROM run ORDER BY started_ms').map(({ id }) => id),
    gaps: gaps?.count ?? 0,
    gapFrames: gaps?.frames ?? 0,
  };
};

/** Of a folder in which no database was made yet: nothing. */
export const readStored = (dataFolder: string): Stored => {
  const path = join(dataFolder, 'flowzone.db');
  if (!existsSync(path)) return NOTHING;
  try {
    return withCopy(path, (db) => {
      const hasTables = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'riff'").get() !== null;
      return hasTables ? contentOf(db) : NOTHING;
    });
  } catch (error) {
    return { ...NOTHING, faults: [`flowzone.db: ${String(error)}`] };
  }
};
