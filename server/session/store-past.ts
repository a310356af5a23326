/** Runs of the engine whose sound may be asked for. */
import type { Database } from 'bun:sqlite';
import type { PastRun } from '../../protocol/link.ts';
import { type Hurt, HURTS_KEPT } from './damage.ts';
import type { GridEpoch } from './grid-epochs.ts';
import { keptRanges, segmentsOf, spoolRuns, without } from './spool-files.ts';
import type { Gap, StoredRun } from './store-port.ts';

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

/** What was told as damaged, and the gaps, which are so in every source: the newest, oldest first. */
export const readHurts = (db: Database, runId: string): Hurt[] =>
  (
    db
      .query(
        `SELECT source, from_frame AS fromFrame, to_frame AS toFrame FROM hurt WHERE run_id = ?1
         UNION ALL SELECT NULL, from_frame, to_frame FROM gap WHERE run_id = ?1
         ORDER BY fromFrame DESC LIMIT ?2`,
      )
      .all(runId, HURTS_KEPT) as Hurt[]
  ).toReversed();

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
  return row && { rateHz: row.rateHz, epochs: readEpochs(db, runId), hurts: readHurts(db, runId) };
};

/** Those of which something is on disk, the oldest first. */
export const readPast = (db: Database, spoolFolder: string): Omit<PastRun, 'now'>[] =>
  spoolRuns(spoolFolder)
    .flatMap((runId) => {
      const row = runRow(db, runId);
      if (!row) return [];
      const gaps = readGaps(db, runId);
      // Where a gap was declared the files hold silence.
      const kept = without(keptRanges(segmentsOf(spoolFolder, runId)), gaps);
      if (kept.length === 0) return [];
      const gapFrames = gaps.reduce((sum, gap) => sum + gap.toFrame - gap.fromFrame, 0);
      return [{ runId, ...row, kept, gapFrames, grids: readEpochs(db, runId) }];
    })
    .toSorted((a, b) => a.startedMs - b.startedMs);
