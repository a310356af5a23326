/**
 * Finds a take's window in the spool: which parts of which segment files hold it.
 *
 * A segment is named by its first frame and reaches to the end of its file or to the next segment's
 * first frame: where two hold the same frames, the later one counts. Lengths are taken from the
 * files, because the last one still grows. Gaps are in the files, as the silence they are heard as.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { joinedNames, SECOND, segmentNames } from '../segment-names.ts';
import type { Piece } from './pieces.ts';
import { isProven } from './spool-proof.ts';
import {
  CHANNELS_AT,
  FRAME_BYTES,
  SAMPLE_BYTES,
  TAKE_CHANNELS,
  WAV_HEADER_BYTES,
  wavHeader,
} from '../wav-header.ts';

export interface Segment {
  readonly path: string;
  readonly firstFrame: number;
  readonly endFrame: number;
  /** All sources are interleaved in a segment, two channels each. */
  readonly frameBytes: number;
}

const FORMAT_FROM = 8;
const FORMAT_TO = 38;

/** What is looked for: frames of one source at one rate. */
interface SpoolWindow {
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly source: number;
  readonly rateHz: number;
}

/** How wide the frames of a segment are; null when it is not ours, or has no such source or rate. */
const readShape = async (
  path: string,
  { rateHz, source }: SpoolWindow,
): Promise<{ frameBytes: number } | null> => {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(FORMAT_TO), 0, FORMAT_TO, 0);
    const channels = buffer.readUInt16LE(CHANNELS_AT);
    const expected = wavHeader(0, rateHz, channels).subarray(FORMAT_FROM, FORMAT_TO);
    const isOurs =
      channels >= TAKE_CHANNELS * (source + 1) && buffer.subarray(FORMAT_FROM).equals(expected);
    return isOurs ? { frameBytes: channels * SAMPLE_BYTES } : null;
  } finally {
    await file.close();
  }
};

/** Those that may hold frames of the window, in order; null when one of them is none, or rotted. */
export const listSegments = async (
  folder: string,
  window: SpoolWindow,
): Promise<Segment[] | null> => {
  const [first, second] = await Promise.all([
    readdir(folder).catch(() => []),
    readdir(join(folder, SECOND)).catch(() => []),
  ]);
  const names = segmentNames(joinedNames(first, second));
  const touched = names.filter(
    ({ firstFrame, nextFrame }) => firstFrame < window.toFrame && nextFrame > window.fromFrame,
  );
  const segments: Segment[] = [];
  for (const { firstFrame, name, nextFrame } of touched) {
    const path = join(folder, name);
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    // One that was just begun has no sound, and perhaps no header yet; one may just have gone.
    if (size <= WAV_HEADER_BYTES) continue;
    const shape = await readShape(path, window);
    if (shape === null) return null;
    const frames = Math.floor((size - WAV_HEADER_BYTES) / shape.frameBytes);
    const endFrame = Math.min(firstFrame + frames, nextFrame);
    const segment = { path, firstFrame, endFrame, ...shape };
    if (!(await isProven({ ...segment, frames }, window))) return null;
    segments.push(segment);
  }
  return segments;
};

const byteOf = (segment: Segment, frame: number): number =>
  (frame - segment.firstFrame) * FRAME_BYTES;

/** The window's sound of one source; null while some frame of it is in no file. */
export const windowPieces = (
  segments: readonly Segment[],
  { fromFrame, source, toFrame }: SpoolWindow,
): Piece[] | null => {
  const pieces: Piece[] = [];
  let at = fromFrame;
  for (const segment of segments) {
    if (segment.firstFrame > at || segment.endFrame <= at) continue;
    const to = Math.min(segment.endFrame, toFrame);
    pieces.push({
      kind: 'columns',
      path: segment.path,
      from: byteOf(segment, at),
      to: byteOf(segment, to),
      firstByte: WAV_HEADER_BYTES + source * FRAME_BYTES,
      widthBytes: FRAME_BYTES,
      frameBytes: segment.frameBytes,
    });
    at = to;
    if (at === toFrame) return pieces;
  }
  return null;
};
