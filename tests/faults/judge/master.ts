/** The recorded master: where it was silent, and at which place in its loop it sounded. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type Code, placeOf } from './coded.ts';

const HEADER_BYTES_MAX = 256;
const FRAME_BYTES = 8;

/** Left of each frame from `fromFrame` to what is written by now; the file still grows. */
export const readMaster = (path: string, fromFrame: number): Float32Array => {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEADER_BYTES_MAX);
    readSync(fd, head, 0, HEADER_BYTES_MAX, 0);
    const start = head.indexOf('data') + 8 + fromFrame * FRAME_BYTES;
    const frames = Math.max(0, Math.floor((fstatSync(fd).size - start) / FRAME_BYTES));
    const stereo = new Float32Array(2 * frames);
    readSync(fd, new Uint8Array(stereo.buffer), 0, stereo.byteLength, start);
    return stereo.filter((_, at) => at % 2 === 0);
  } finally {
    closeSync(fd);
  }
};

/** Frames without sound, from the first silent one on; the loops are never silent by themselves. */
export const silence = (left: Float32Array): { from: number; frames: number } | null => {
  const from = left.indexOf(0);
  if (from < 0) return null;
  let to = from;
  while (to < left.length && left[to] === 0) to += 1;
  return { from, frames: to - from };
};

/** Frames of a stretch in which no loop was heard; null = the file ends before the stretch does. */
export const unheardFrames = (path: string, fromFrame: number, toFrame: number): number | null => {
  const left = readMaster(path, fromFrame).subarray(0, Math.max(0, toFrame - fromFrame));
  if (left.length < toFrame - fromFrame) return null;
  return left.reduce((count, sample) => count + Number(sample === 0), 0);
};

/**
 * How far the loop in `left` is from where it should be, in frames; null when it is not that loop.
 *
 * @param expected The frame of the coded signal that should sound first.
 */
export const phaseError = (code: Code, left: Float32Array, expected: number): number | null => {
  const first = placeOf(code, left[0] ?? 0);
  if (first === null) return null;
  for (let at = 1; at < left.length; at += 1) {
    if (placeOf(code, left[at] ?? 0)?.frame !== (first.frame + at) % code.periodFrames) return null;
  }
  return first.frame - (expected % code.periodFrames);
};

export interface Hole {
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
}

/** Where the file beside the master says that something is missing. */
export const declaredHoles = (path: string): Hole[] => {
  if (!existsSync(`${path}.gaps`)) return [];
  const lines = readFileSync(`${path}.gaps`, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Hole);
};

/** Whether frames from `from` up to `to` are all declared to be missing. */
export const isDeclared = (holes: readonly Hole[], from: number, to: number): boolean =>
  holes.some(({ fromFrame, toFrame }) => fromFrame <= from && to <= toFrame);
