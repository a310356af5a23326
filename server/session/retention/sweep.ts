/** Looks at the spool for what has to go; in the store worker, which does all file work. */
import type { Database } from 'bun:sqlite';
import { dirname } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import type { AppState } from '../../../protocol/state.ts';
import { segmentsOf, spoolRuns, type SpoolSegment } from '../runs/spool-files.ts';
import { askedOnce, type Disk, diskOf } from './disks.ts';
import {
  type DiskRoom,
  doomedOf,
  freeBytesMin,
  isOld,
  type PastSegment,
  type Pin,
} from './plan.ts';
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
  readonly isHidden: boolean;
}

export interface SpoolUse {
  readonly storage: AppState['storage'];
  readonly doomed: readonly DoomedSegment[];
}

export const rateOf = (db: Database, runId: string): number => {
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
        isHidden: segment.isHidden,
        device: disk(dirname(segment.path)).device,
        seconds: (segment.toFrame - segment.firstFrame) / rateHz,
        ageSeconds: ageSeconds(segment, rateHz, ask, runId === ask.runId),
        isAgeDoubtful: runId !== ask.runId && !ask.isClockTrusted,
      }));
    })
    .toSorted((a, b) => b.ageSeconds - a.ageSeconds);

/** Of all that hold the same frames. */
export const nameOf = ({ fromFrame, runId }: Pin): string => `${runId} ${fromFrame}`;

/** With those that each of them hides, and these first: none may count again. */
const withHidden = (doomed: readonly Listed[], all: readonly Listed[]): Listed[] => {
  const names = new Set(doomed.map(nameOf));
  return [
    ...all.filter((segment) => segment.isHidden && names.has(nameOf(segment))),
    ...doomed.filter(({ isHidden }) => !isHidden),
  ];
};

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
  const chosen = doomedOf(segments, pins, {
    ageSecondsMax: LIMITS.pastSecondsMax,
    bytesMax: LIMITS.pastBytesMax,
    rooms,
  });
  const [oldest] = segments;
  const sinceSeconds = oldest ? oldest.ageSeconds + oldest.seconds : 0;
  return {
    doomed: withHidden(chosen, segments),
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
