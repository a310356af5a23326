/**
 * Removes segments of the spool; in the store worker, which does all file work.
 *
 * A segment goes in three steps: its row, a line beside the others that it went on purpose, its file; the
 * file first where there is no room for the others. Whatever interrupts them, the next look goes on.
 */
import type { Database } from 'bun:sqlite';
import { closeSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { isFull } from '../../ballast.ts';
import { fullSync } from '../../full-sync.ts';
import { segmentsOf } from '../runs/spool-files.ts';
import { isDamage } from '../store/database.ts';
import { forgetHurts } from '../store/hurts.ts';
import { SAMPLE_BYTES } from '../../wav-header.ts';
import { proofPath, SECOND } from '../../segment-names.ts';
import { isPinned, type Pin } from './plan.ts';
import { canListBoth, removeIfEmpty } from './run-folder.ts';
import { type DoomedSegment, nameOf, rateOf, type SpoolQuestion } from './sweep.ts';
import { unfiledPins } from './unfiled.ts';

/** What removing takes of the disk; tests put in one that fails. */
export interface RemovalFiles {
  append(path: string, line: string): void;
  remove(path: string): void;
}

const REMOVAL: RemovalFiles = {
  append(path, line) {
    const file = openSync(path, 'a', 0o600);
    try {
      writeSync(file, line);
      fullSync(file);
    } finally {
      closeSync(file);
    }
  },
  remove(path) {
    unlinkSync(path);
    rmSync(proofPath(path), { force: true });
  },
};

/** As a line of the core's index: the core must not take what went for a fault. */
const noteOf = ({ fromFrame, toFrame }: Pin): string =>
  `{"first":${fromFrame},"frames":${toFrame - fromFrame},"crc":0}\n`;

/** Row and line; false when there is no room for them. */
const noteForgotten = (db: Database, segment: DoomedSegment, files: RemovalFiles): boolean => {
  const { fromFrame, isHidden, path, runId } = segment;
  // The row is of the namesake, which counts.
  if (isHidden) return true;
  try {
    db.query('DELETE FROM spool WHERE run_id = ? AND first_frame = ?').run(runId, fromFrame);
    files.append(join(dirname(path), 'forgotten.jsonl'), noteOf(segment));
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    return false;
  }
};

/** False when the disk refused; the next look tries again. */
const forgetOne = (db: Database, segment: DoomedSegment, files: RemovalFiles): boolean => {
  try {
    const isNoted = noteForgotten(db, segment, files);
    files.remove(segment.path);
    // On a full disk the file itself makes the room: a crash in between leaves a hole nobody explained.
    return isNoted || noteForgotten(db, segment, files);
  } catch (error) {
    if (isDamage(error)) throw error;
    return false;
  }
};

const runFolderOf = (path: string): string => {
  const folder = dirname(path);
  return basename(folder) === SECOND ? dirname(folder) : folder;
};

/** What an engine that runs may hold in memory beyond its files. */
const ringFrames = (db: Database, runId: string): number =>
  Math.max(LIMITS.ringBytesMin / (2 * SAMPLE_BYTES), LIMITS.ringSecondsMin * rateOf(db, runId));

/** Nothing of the run is kept before this frame, but what takes hold. */
const keptFrom = (db: Database, runFolder: string, openRunId: string): number => {
  const runId = basename(runFolder);
  const segments = segmentsOf(dirname(runFolder), runId);
  const oldest = segments[0]?.firstFrame ?? Number.POSITIVE_INFINITY;
  if (runId !== openRunId) return oldest;
  return Math.min(oldest, (segments.at(-1)?.toFrame ?? 0) - ringFrames(db, runId));
};

/**
 * Removes those that no take has come to need since they were chosen, and what is known of their
 * damage; returns how many bytes went.
 */
export const forget = (
  db: Database,
  segments: readonly DoomedSegment[],
  { runId: openRunId }: Pick<SpoolQuestion, 'runId'>,
  files: RemovalFiles = REMOVAL,
): number => {
  const pins = unfiledPins(db);
  const stay = new Set<string>();
  const gone = segments.filter((segment) => {
    if (isPinned(segment, pins) || stay.has(nameOf(segment))) return false;
    if (forgetOne(db, segment, files)) return true;
    if (segment.isHidden) stay.add(nameOf(segment));
    return false;
  });
  for (const folder of new Set(gone.map(({ path }) => runFolderOf(path)))) {
    if (!canListBoth(folder)) continue;
    removeIfEmpty(folder, openRunId);
    forgetHurts(db, basename(folder), keptFrom(db, folder, openRunId));
  }
  return gone.reduce((sum, { bytes }) => sum + bytes, 0);
};
