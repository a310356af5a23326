/** Whether the recording still holds what a take lacks, and whether that can be said at all now. */
import type { Database } from 'bun:sqlite';
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isSecondAway, keptRanges, namesOfRun, segmentsOf, without } from '../runs/spool-files.ts';
import { SECOND, segmentNames } from '../../segment-names.ts';
import { readGaps } from '../store/past.ts';
import type { Gap, LateSound, StoredTake } from '../store/stored.ts';
import { barFramesOf } from '../takes/take-places.ts';

type Frames = Gap;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** False when it is there and cannot be read: who cannot look does not know what is there. */
const canLook = (look: () => unknown): boolean => {
  try {
    look();
    return true;
  } catch (error) {
    return isMissing(error);
  }
};

const readByte = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    readSync(file, Buffer.alloc(1), 0, 1, 0);
  } finally {
    closeSync(file);
  }
};

/** By the rows of segments: one that goes on purpose takes its own with it. */
const shouldHold = (db: Database, runId: string, { fromFrame, toFrame }: Frames): boolean =>
  db
    .query(`SELECT 1 FROM spool WHERE run_id = ? AND first_frame < ? AND coalesce(to_frame, ?) > ?`)
    .get(runId, toFrame, toFrame, fromFrame) !== null;

/** Both folders of the run, and each segment that these frames would be in. */
const canSee = (db: Database, spoolFolder: string, runId: string, frames: Frames): boolean => {
  const { fromFrame, toFrame } = frames;
  const folder = join(spoolFolder, runId);
  const second = join(folder, SECOND);
  // A folder that was moved may come back.
  if (!existsSync(folder)) return !shouldHold(db, runId, frames);
  if (isSecondAway(spoolFolder, runId)) return false;
  const folders = [folder, ...(lstatSync(second, { throwIfNoEntry: false }) ? [second] : [])];
  if (!folders.every((each) => canLook(() => readdirSync(each)))) return false;
  return segmentNames(namesOfRun(folder))
    .filter(
      // Of the first one the others learn how wide they are.
      ({ firstFrame, nextFrame }, at) =>
        at === 0 || (firstFrame < toFrame && nextFrame > fromFrame),
    )
    .every(({ name }) => canLook(() => readByte(join(folder, name))));
};

/** Without the silence of gaps. */
const heldOf = (db: Database, spoolFolder: string, runId: string): Frames[] =>
  without(keptRanges(segmentsOf(spoolFolder, runId)), readGaps(db, runId));

/** With a bar before its window and one after it. */
const withBars = (take: StoredTake['take']): Frames => {
  const bar = barFramesOf(take);
  return { fromFrame: Math.max(0, take.fromFrame - bar), toFrame: take.toFrame + bar };
};

/** Of what its window lies in. */
export const lateSound = (
  db: Database,
  spoolFolder: string,
  take: StoredTake['take'],
): LateSound => {
  if (!canSee(db, spoolFolder, take.runId, withBars(take))) return 'unknown';
  const missing = without([take], heldOf(db, spoolFolder, take.runId));
  return missing.length === 0 ? 'there' : 'gone';
};

/** There is sound right before the window or right after it, or nobody can say. */
export const isSoundAround = (
  db: Database,
  spoolFolder: string,
  take: StoredTake['take'],
): boolean => {
  if (!canSee(db, spoolFolder, take.runId, withBars(take))) return true;
  return heldOf(db, spoolFolder, take.runId).some(
    ({ fromFrame, toFrame }) =>
      (fromFrame < take.fromFrame && toFrame >= take.fromFrame) ||
      (fromFrame <= take.toFrame && toFrame > take.toFrame),
  );
};
