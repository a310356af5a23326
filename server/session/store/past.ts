/** Runs of the engine whose sound may be asked for. */
import type { Database } from 'bun:sqlite';
import type { PastRun } from '../../../protocol/link.ts';
import type { GridEpoch } from '../runs/grid-epochs.ts';
import {
  keptRanges,
  segmentsOf,
  type SpoolSegment,
  spoolRuns,
  without,
} from '../runs/spool-files.ts';
import { readDamage } from './hurts.ts';
import type { Gap, StoredRun } from './stored.ts';

/** The newest first, at most so many; −1 = all. */
export const readGaps = (db: Database, runId: string, countMax = -1): Gap[] =>
  db
    .query(
      `SELECT from_frame AS fromFrame, to_frame AS toFrame FROM gap
       WHERE run_id = ? ORDER BY from_frame DESC LIMIT ?`,
    )
    .all(runId, countMax) as Gap[];

export const readEpochs = (db: Database, runId: string): GridEpoch[] =>
  db
    .query(
      `SELECT from_frame AS fromFrame, line_frame AS lineFrame, line_beat AS lineBeat,
       line_bar AS lineBar, frames_per_beat AS framesPerBeat, beats_per_bar AS beatsPerBar
       FROM epoch WHERE run_id = ? ORDER BY from_frame`,
    )
    .all(runId) as GridEpoch[];

export const writeEpoch = (db: Database, runId: string, epoch: GridEpoch): void => {
  // Of two that begin at the same frame the later one held.
  db.query(
    `INSERT OR REPLACE INTO epoch (run_id, from_frame, line_frame, line_beat, line_bar,
     frames_per_beat, beats_per_bar) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    runId,
    epoch.fromFrame,
    epoch.lineFrame,
    epoch.lineBeat,
    epoch.lineBar,
    epoch.framesPerBeat,
    epoch.beatsPerBar,
  );
};

interface RunRow {
  readonly rateHz: number;
  readonly startedMs: number;
}

const runRow = (db: Database, runId: string): RunRow | null =>
  db
    .query('SELECT rate_hz AS rateHz, started_ms AS startedMs FROM run WHERE id = ?')
    .get(runId) as RunRow | null;

export const readRun = (db: Database, runId: string): StoredRun | null => {
  const row = runRow(db, runId);
  return row && { rateHz: row.rateHz, epochs: readEpochs(db, runId), ...readDamage(db, runId) };
};

/** Of a run that was found by its files: by the time of the newest. */
const startOf = (segments: readonly SpoolSegment[], rateHz: number): number => {
  const newest = segments.at(-1);
  return newest ? newest.writtenMs - (newest.toFrame * 1000) / rateHz : 0;
};

/** Those of which something is on disk, the oldest first. */
export const readPast = (db: Database, spoolFolder: string): Omit<PastRun, 'now'>[] =>
  spoolRuns(spoolFolder)
    .flatMap((runId) => {
      const row = runRow(db, runId);
      if (!row) return [];
      const gaps = readGaps(db, runId);
      const segments = segmentsOf(spoolFolder, runId);
      // Where a gap was declared the files hold silence.
      const kept = without(keptRanges(segments), gaps);
      if (kept.length === 0) return [];
      const gapFrames = gaps.reduce((sum, gap) => sum + gap.toFrame - gap.fromFrame, 0);
      const { rateHz } = row;
      const startedMs = row.startedMs || startOf(segments, rateHz);
      return [{ runId, rateHz, startedMs, kept, gapFrames, grids: readEpochs(db, runId) }];
    })
    .toSorted((a, b) => a.startedMs - b.startedMs);
