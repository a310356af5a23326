/** The recorded master: where it was silent, and at which place in its loop it sounded. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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

const RAMP_SECONDS = 0.01;
const SEAM_SECONDS = 0.0105;

/**
 * Where in a loop most of the frames say that it began; null when none of them is of this loop.
 *
 * Not the first one alone: where two places are heard at once, the sum can look like a third.
 */
const phaseOf = (places: readonly number[], fromFrame: number, toFrame: number): number | null => {
  const length = toFrame - fromFrame;
  const votes = new Map<number, number>();
  for (const [at, frame] of places.entries()) {
    if (frame < fromFrame || frame >= toFrame) continue;
    const phase = (((frame - fromFrame - at) % length) + length) % length;
    votes.set(phase, (votes.get(phase) ?? 0) + 1);
  }
  return [...votes].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
};

/**
 * Frames in which something else is heard than this loop in its order: silence, its beginning, its seam
 * and where it starts over are left out.
 */
export const loopFaults = (
  code: Code,
  left: Float32Array,
  { fromFrame, toFrame }: { readonly fromFrame: number; readonly toFrame: number },
  rateHz: number,
): number => {
  const first = left.findIndex((sample) => sample !== 0);
  if (first < 0) return 0;
  const start = first + Math.ceil(RAMP_SECONDS * rateHz);
  const seam = Math.ceil(SEAM_SECONDS * rateHz);
  const length = toFrame - fromFrame;
  const places = [...left.subarray(start)].map((sample) => placeOf(code, sample)?.frame ?? -1);
  const phase = phaseOf(places, fromFrame, toFrame);
  if (phase === null) return places.length;
  return places.filter((frame, at) => {
    const place = (((phase + at) % length) + length) % length;
    return place >= seam && place < length - seam && frame !== fromFrame + place;
  }).length;
};
