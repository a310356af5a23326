/**
 * Whether what a segment of the spool holds is what FlowCore wrote into it.
 *
 * Beside it lies `seg-….crc`: points of 16 bytes, little endian: a number of frames (8), the CRC-32 of
 * the sound up to there (4), the CRC-32 of these 12 bytes (4). Sound without a point cannot be checked
 * and passes; a point that is no point is passed over.
 */
import { open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { proofPath } from '../segment-names.ts';
import { WAV_HEADER_BYTES } from '../wav-header.ts';
import type { Segment } from './spool.ts';

const POINT_BYTES = 16;
const CHECKED_BYTES = 12;

interface Point {
  readonly frames: number;
  readonly crc: number;
}

const pointsOf = async (segmentPath: string): Promise<Point[]> => {
  const bytes = await readFile(proofPath(segmentPath)).catch(() => Buffer.alloc(0));
  const points: Point[] = [{ frames: 0, crc: 0 }];
  for (let at = 0; at + POINT_BYTES <= bytes.length; at += POINT_BYTES) {
    const check = crc32(bytes.subarray(at, at + CHECKED_BYTES));
    const frames = Number(bytes.readBigUInt64LE(at));
    const isPoint = check === bytes.readUInt32LE(at + CHECKED_BYTES);
    if (isPoint && frames > (points.at(-1)?.frames ?? 0)) {
      points.push({ frames, crc: bytes.readUInt32LE(at + 8) });
    }
  }
  return points;
};

/** Whether the frames of a range, and those between the points around it, are as they were synced. */
export const isProven = async (
  segment: Segment & { readonly frames: number },
  range: { readonly fromFrame: number; readonly toFrame: number },
): Promise<boolean> => {
  const points = await pointsOf(segment.path);
  const from = range.fromFrame - segment.firstFrame;
  const to = Math.min(range.toFrame, segment.endFrame) - segment.firstFrame;
  const file = await open(segment.path, 'r');
  try {
    for (const [index, { crc, frames }] of points.entries()) {
      const before = points[index - 1];
      if (!before || frames <= from || before.frames >= to || frames > segment.frames) continue;
      const length = (frames - before.frames) * segment.frameBytes;
      const at = WAV_HEADER_BYTES + before.frames * segment.frameBytes;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      if (bytesRead !== length || crc32(buffer, before.crc) !== crc) return false;
    }
    return true;
  } finally {
    await file.close();
  }
};
