/**
 * Finds a take's window in the spool: which parts of which segment files hold it.
 *
 * A segment is named by its first frame and reaches to the end of its file or to the next segment's
 * first frame: where two hold the same frames, the later one counts. Lengths are taken from the
 * files, because the last one still grows. Gaps are in the files, as the silence they are heard as.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece } from './pieces.ts';
import { FRAME_BYTES, WAV_HEADER_BYTES, wavHeader } from './wav-header.ts';

export interface Segment {
  readonly path: string;
  readonly firstFrame: number;
  readonly endFrame: number;
}

const SEGMENT_NAME = /^seg-(\d{12,})\.wav$/;

/** Those that may hold frames of the window, in order. */
export const listSegments = async (
  folder: string,
  fromFrame: number,
  toFrame: number,
): Promise<Segment[]> => {
  const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name));
  const all = names
    .map((name) => ({
      path: join(folder, name),
      firstFrame: Number(SEGMENT_NAME.exec(name)?.[1]),
    }))
    .toSorted((a, b) => a.firstFrame - b.firstFrame);
  const withNext = all.map((entry, index) => ({
    ...entry,
    nextFrame: all[index + 1]?.firstFrame ?? Infinity,
  }));
  const touched = withNext.filter(
    ({ firstFrame, nextFrame }) => firstFrame < toFrame && nextFrame > fromFrame,
  );
  return Promise.all(
    touched.map(async ({ path, firstFrame, nextFrame }) => {
      const { size } = await stat(path);
      const frames = Math.max(0, Math.floor((size - WAV_HEADER_BYTES) / FRAME_BYTES));
      return { path, firstFrame, endFrame: Math.min(firstFrame + frames, nextFrame) };
    }),
  );
};

const byteOf = (segment: Segment, frame: number): number =>
  WAV_HEADER_BYTES + (frame - segment.firstFrame) * FRAME_BYTES;

/** The window's sound; null while some frame of it is in no file. */
export const windowPieces = (
  segments: readonly Segment[],
  fromFrame: number,
  toFrame: number,
): (Piece & { kind: 'file' })[] | null => {
  const pieces: (Piece & { kind: 'file' })[] = [];
  let at = fromFrame;
  for (const segment of segments) {
    if (segment.firstFrame > at || segment.endFrame <= at) continue;
    const to = Math.min(segment.endFrame, toFrame);
    const { path } = segment;
    pieces.push({ kind: 'file', path, from: byteOf(segment, at), to: byteOf(segment, to) });
    at = to;
    if (at === toFrame) return pieces;
  }
  return null;
};

const FORMAT_FROM = 8;
const FORMAT_TO = 38;

/** Whether the segment is stereo Float32 at this rate: what the offsets are computed for. */
export const hasOurFormat = async (path: string, rateHz: number): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(FORMAT_TO), 0, FORMAT_TO, 0);
    const expected = wavHeader(0, rateHz).subarray(FORMAT_FROM, FORMAT_TO);
    return buffer.subarray(FORMAT_FROM).equals(expected);
  } finally {
    await file.close();
  }
};
