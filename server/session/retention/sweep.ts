/**
 * Looks at the spool and removes segments of it; in the store worker, which does all file work.
 *
 * A segment goes in three steps: its row, a line beside the others that it went on purpose, its file; the
 * file first where there is no room for the others. Whatever interrupts them, the next look goes on.
 */
import type { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { isFull } from '../../ballast.ts';
import type { AppState } from '../../../protocol/state.ts';
import { segmentsOf, spoolRuns, type SpoolSegment } from '../runs/spool-files.ts';
import { isDamage } from '../store/database.ts';
import { forgetHurts } from '../store/hurts.ts';
import { SAMPLE_BYTES } from '../../wav-header.ts';
import { proofPath, SECOND } from '../../segment-names.ts';
import { askedOnce, type Disk, diskOf } from './disks.ts';
import {
  type DiskRoom,
  doomedOf,
  freeBytesMin,
  isOld,
  isPinned,
  type PastSegment,
  type Pin,
} from './plan.ts';
import { canListBoth, removeIfEmpty } from './run-folder.ts';
import { unfiledPins } from './unfiled.ts';

/** The run that goes on, and what the session knows to be needed. */
export interface SpoolQuestion {
  readonly runId: string;
  readonly newestFrame: number;
  readonly nowMs: number;
  readonly pins: readonly Pin[];
  /** The wall clock may say what is old enough to go; see `ClockTrust`. */
  readonly isClockTrusted: boolean;
}

export interface DoomedSegment extends PastSegment {
  readonly path: string;
}

export interface SpoolUse {
  readonly storage: AppState['storage'];
  readonly doomed: readonly DoomedSegment[];
}

/** What removing takes of the disk; tests put in one that fails. */
export interface RemovalFiles {
  append(path: string, line: string): void;
  remove(path: string): void;
}

const rateOf = (db: Database, runId: string): number => {
  const row = db.query('SELECT rate_hz AS rateHz FROM run WHERE id = ?').get(runId);
  return (row as { rateHz: number } | null)?.rateHz ?? LIMITS.rateHzDefault;
};

const takesBytes = (db: Database): number => {
  const sum = `SELECT coalesce(sum(bytes), 0) AS bytes
    FROM (SELECT max(bytes) AS bytes FROM take_file GROUP BY sha256)`;
  return (db.query(sum).get() as { bytes: number }).bytes;
};

/** What can be made again goes before what cannot: see `CacheKeeper`. */
const cacheBytes = (db: Database): number =>
  (db.query('SELECT coalesce(sum(bytes), 0) AS bytes FROM cache_file').get() as { bytes: number })
    .bytes;

/** In the run that goes on the engine's own frames tell; of others, when they were written. */
const ageSeconds = (segment: SpoolSegment, rateHz: number, ask: SpoolQuestion, isNow: boolean) =>
  isNow
    ? (ask.newestFrame - segment.toFrame) / rateHz
    : Math.max(0, (ask.nowMs - segment.writtenMs) / 1000);

interface Listed extends DoomedSegment {
  readonly seconds: number;
}

/** The oldest first. */
const listed = (
  db: Database,
  spoolFolder: string,
  ask: SpoolQuestion,
  disk: (folder: string) => Disk,
): Listed[] =>
  spoolRuns(spoolFolder)
    .flatMap((runId) => {
      const rateHz = rateOf(db, runId);
      return segmentsOf(spoolFolder, runId).map((segment) => ({
        runId,
        path: segment.path,
        fromFrame: segment.firstFrame,
        toFrame: segment.toFrame,
        bytes: segment.bytes,
        device: disk(dirname(segment.path)).device,
        seconds: (segment.toFrame - segment.firstFrame) / rateHz,
        ageSeconds: ageSeconds(segment, rateHz, ask, runId === ask.runId),
        isAgeDoubtful: runId !== ask.runId && !ask.isClockTrusted,
      }));
    })
    .toSorted((a, b) => b.ageSeconds - a.ageSeconds);

/**
 * What the player may still want back at once stays, however full the disk is: the newest minutes, also of
 * the run before when this one has just begun, as after a crash.
 *
 * @param segments The oldest first.
 */
const newestPins = (
  db: Database,
  segments: readonly Listed[],
  { newestFrame, runId }: SpoolQuestion,
): Pin[] => {
  const rateHz = rateOf(db, runId);
  const fromFrame = newestFrame - LIMITS.pastSecondsMin * rateHz;
  const pins: Pin[] = [{ runId, fromFrame, toFrame: Number.POSITIVE_INFINITY }];
  let seconds = LIMITS.pastSecondsMin - newestFrame / rateHz;
  for (const segment of segments.filter((each) => each.runId !== runId).toReversed()) {
    if (seconds <= 0 || isOld(segment, LIMITS.pastSecondsMax)) break;
    pins.push(segment);
    seconds -= segment.seconds;
  }
  return pins;
};

const roomOf = ({ diskBytes, freeBytes }: Disk, spareBytes = 0): DiskRoom => ({
  freeBytes: freeBytes + spareBytes,
  freeBytesMin: freeBytesMin(diskBytes),
});

export const spoolUse = (
  db: Database,
  spoolFolder: string,
  ask: SpoolQuestion,
  disk: (folder: string) => Disk = diskOf,
): SpoolUse => {
  const known = askedOnce(disk);
  const segments = listed(db, spoolFolder, ask, known);
  const first = known(spoolFolder);
  const { diskBytes, freeBytes } = first;
  const disks = segments.map(({ path }) => known(dirname(path)));
  const rooms = new Map(disks.map((each) => [each.device, roomOf(each)]));
  // There lie also the files that go before any sound.
  rooms.set(first.device, roomOf(first, cacheBytes(db)));
  const pins = [...ask.pins, ...unfiledPins(db), ...newestPins(db, segments, ask)];
  const doomed = doomedOf(segments, pins, {
    ageSecondsMax: LIMITS.pastSecondsMax,
    bytesMax: LIMITS.pastBytesMax,
    rooms,
  });
  const [oldest] = segments;
  const sinceSeconds = oldest ? oldest.ageSeconds + oldest.seconds : 0;
  return {
    doomed,
    storage: {
      pastBytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
      pastSeconds: Math.round(segments.reduce((sum, { seconds }) => sum + seconds, 0)),
      pastSinceMs: oldest ? Math.round(ask.nowMs - 1000 * sinceSeconds) : 0,
      takesBytes: takesBytes(db),
      freeBytes,
      diskBytes,
    },
  };
};

const REMOVAL: RemovalFiles = {
  append(path, line) {
    const file = openSync(path, 'a', 0o600);
    try {
      writeSync(file, line);
      fsyncSync(file);
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
  const { fromFrame, path, runId, toFrame } = segment;
  // Another file counts for its frames, and the row is of that one.
  if (toFrame <= fromFrame) return true;
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
  const gone = segments.filter(
    (segment) => !isPinned(segment, pins) && forgetOne(db, segment, files),
  );
  for (const folder of new Set(gone.map(({ path }) => runFolderOf(path)))) {
    if (!canListBoth(folder)) continue;
    removeIfEmpty(folder, openRunId);
    forgetHurts(db, basename(folder), keptFrom(db, folder, openRunId));
  }
  return gone.reduce((sum, { bytes }) => sum + bytes, 0);
};
