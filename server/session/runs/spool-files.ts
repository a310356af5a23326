/**
 * What lies in the spool: the segments of each run.
 *
 * A segment reaches to the end of its file or to the next one's first frame. Lengths are those of the
 * files: the newest still grows, and headers are corrected later.
 */
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { joinedNames, SECOND, segmentNames } from '../../segment-names.ts';
import { CHANNELS_AT, SAMPLE_BYTES, WAV_HEADER_BYTES } from '../../wav-header.ts';

export interface SpoolSegment {
  readonly path: string;
  readonly firstFrame: number;
  readonly toFrame: number;
  readonly bytes: number;
  /** Wall clock of the last write, Unix ms. */
  readonly writtenMs: number;
  /** A namesake counts in its place. */
  readonly isHidden: boolean;
}

const RUN_NAME = /^[0-9a-f]{32}$/;

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Of a run, in both of its folders. */
export const namesOfRun = (folder: string): string[] =>
  joinedNames(namesIn(folder), namesIn(join(folder, SECOND)));

/** The recording of the run goes on in another folder, and that is not there: its disk may come back. */
export const isSecondAway = (spoolFolder: string, runId: string): boolean => {
  const link = join(spoolFolder, runId, SECOND);
  return lstatSync(link, { throwIfNoEntry: false }) !== undefined && !existsSync(link);
};

export const spoolRuns = (spoolFolder: string): string[] =>
  namesIn(spoolFolder).filter((name) => RUN_NAME.test(name));

/** All segments of a run are as wide; 0 when the header is not there yet. */
const frameBytesOf = (path: string): number => {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, WAV_HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return header.readUInt16LE(CHANNELS_AT) * SAMPLE_BYTES;
};

/** One that goes while it is looked at is not there. */
const found = <T>(look: () => T): T | null => {
  try {
    return look();
  } catch {
    return null;
  }
};

/** Those of a run, the oldest first. */
export const segmentsOf = (spoolFolder: string, runId: string): SpoolSegment[] => {
  const folder = join(spoolFolder, runId);
  let frameBytes = 0;
  return segmentNames(namesOfRun(folder)).flatMap(({ firstFrame, name, nextFrame }) => {
    const path = join(folder, name);
    const file = found(() => statSync(path));
    if (!file || file.size <= WAV_HEADER_BYTES) return [];
    if (frameBytes === 0) frameBytes = found(() => frameBytesOf(path)) ?? 0;
    if (frameBytes === 0) return [];
    const frames = Math.floor((file.size - WAV_HEADER_BYTES) / frameBytes);
    const toFrame = Math.min(firstFrame + frames, nextFrame);
    const isHidden = nextFrame === firstFrame;
    return [{ path, firstFrame, toFrame, bytes: file.size, writtenMs: file.mtimeMs, isHidden }];
  });
};

interface FrameRange {
  fromFrame: number;
  toFrame: number;
}

/** As few ranges as it takes. */
export const keptRanges = (segments: readonly SpoolSegment[]): FrameRange[] => {
  const ranges: FrameRange[] = [];
  for (const { firstFrame, toFrame } of segments) {
    const last = ranges.at(-1);
    if (last?.toFrame === firstFrame) last.toFrame = toFrame;
    else ranges.push({ fromFrame: firstFrame, toFrame });
  }
  return ranges;
};

/** What is in `ranges`, oldest first and apart, and in none of `holes`. */
export const without = (
  ranges: readonly FrameRange[],
  holes: readonly Readonly<FrameRange>[],
): FrameRange[] => {
  const cuts = holes.toSorted((a, b) => a.fromFrame - b.fromFrame);
  let next = 0;
  return ranges.flatMap(({ fromFrame, toFrame }) => {
    const left: FrameRange[] = [];
    let at = fromFrame;
    for (let cut = cuts[next]; cut && cut.fromFrame < toFrame; cut = cuts[next]) {
      if (cut.fromFrame > at) left.push({ fromFrame: at, toFrame: cut.fromFrame });
      at = Math.max(at, cut.toFrame);
      // What reaches into the next range is met again there.
      if (cut.toFrame > toFrame) break;
      next += 1;
    }
    return at < toFrame ? [...left, { fromFrame: at, toFrame }] : left;
  });
};
