/**
 * Finds a take's window in the spool: which parts of which segment files hold it.
 *
 * A segment is named by its first frame and has the header of every WAV here; how many frames it
 * holds is read from its length, because the last one still grows and an engine that was killed left
 * its header behind. Frames that no segment holds, between two that do, are a declared gap: silence.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece } from './pieces.ts';
import { FRAME_BYTES, WAV_HEADER_BYTES } from './wav-header.ts';

export interface Segment {
  readonly path: string;
  readonly firstFrame: number;
  readonly frameCount: number;
}

const SEGMENT_NAME = /^seg-(\d{12,})\.wav$/;

export const listSegments = async (folder: string): Promise<Segment[]> => {
  const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name));
  const segments = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size } = await stat(path);
      const frameCount = Math.max(0, Math.floor((size - WAV_HEADER_BYTES) / FRAME_BYTES));
      return { path, frameCount, firstFrame: Number(SEGMENT_NAME.exec(name)?.[1]) };
    }),
  );
  return segments.toSorted((a, b) => a.firstFrame - b.firstFrame);
};

const part = (segment: Segment, fromFrame: number, toFrame: number): Piece => ({
  kind: 'file',
  path: segment.path,
  from: WAV_HEADER_BYTES + (fromFrame - segment.firstFrame) * FRAME_BYTES,
  to: WAV_HEADER_BYTES + (toFrame - segment.firstFrame) * FRAME_BYTES,
});

/** The window's sound; null while its end is not written yet or its beginning is gone. */
export const windowPieces = (
  segments: readonly Segment[],
  fromFrame: number,
  toFrame: number,
): Piece[] | null => {
  const pieces: Piece[] = [];
  let at = fromFrame;
  for (const segment of segments) {
    const end = segment.firstFrame + segment.frameCount;
    if (end <= at || segment.firstFrame >= toFrame) continue;
    if (segment.firstFrame > at) {
      if (at === fromFrame && !isGapBefore(segments, segment)) return null;
      pieces.push({ kind: 'zeros', count: (segment.firstFrame - at) * FRAME_BYTES });
      at = segment.firstFrame;
    }
    const to = Math.min(end, toFrame);
    pieces.push(part(segment, at, to));
    at = to;
  }
  return at === toFrame ? pieces : null;
};

/** A window may begin in a gap, but not before everything that was ever written. */
const isGapBefore = (segments: readonly Segment[], segment: Segment): boolean =>
  segments[0] !== segment;
