/**
 * A recording of a signal whose samples are the numbers of a sound server's frames: where the server went
 * on without FlowZone, and whether that is declared.
 */
import type { Database } from 'bun:sqlite';

const CODES = 2 ** 24;
/** Frames that have a number; of each the number is that of its left sample, halved. */
export const FRAMES_MAX = CODES / 2;

/** No frame of the signal. */
export const NOWHERE = -1;

/** The server's number of a frame by its left sample. */
export const serverFrame = (left: number): number => {
  const code = left * CODES - 1;
  return code >= 0 && code % 2 === 0 && code < CODES ? code / 2 : NOWHERE;
};

/** The server's number of each frame of stereo sound. */
export const serverFrames = (stereo: Float32Array): Int32Array =>
  Int32Array.from({ length: stereo.length / 2 }, (_, at) => {
    const frame = serverFrame(stereo[2 * at] ?? 0);
    return (stereo[2 * at + 1] ?? 0) * CODES === 2 * frame + 2 ? frame : NOWHERE;
  });

export interface Seam {
  /** The last frame before it, and the first after it. */
  readonly before: number;
  readonly after: number;
  /** Frames of the server that are missing; negative where some came twice. */
  readonly missing: number;
}

/** Each place at which the signal does not go on; what comes before it begins is none. */
export const seamsOf = (frames: Int32Array): Seam[] => {
  const seams: Seam[] = [];
  let before = frames.findIndex((frame) => frame !== NOWHERE);
  if (before < 0) return [];
  for (let at = before + 1; at < frames.length; at += 1) {
    const frame = frames[at] ?? NOWHERE;
    if (frame === NOWHERE) continue;
    const missing = frame - (frames[before] ?? 0) - (at - before);
    if (missing !== 0 || at !== before + 1) seams.push({ before, after: at, missing });
    before = at;
  }
  return seams;
};

/** Frames behind the last one of the signal: a recording that ends with none of it was not listening. */
export const framesBehind = (frames: Int32Array): number =>
  frames.length - 1 - frames.findLastIndex((frame) => frame !== NOWHERE);

/** Frames that are declared to be damaged or missing; the end is exclusive. */
export interface Declared {
  readonly fromFrame: number;
  readonly toFrame: number;
}

const RANGE = 'from_frame AS fromFrame, to_frame AS toFrame';

export const readDeclared = (db: Database, runId: string, source: number): Declared[] => [
  ...(db
    .query(`SELECT ${RANGE} FROM hurt WHERE run_id = ? AND source = ?`)
    .all(runId, source) as Declared[]),
  ...(db.query(`SELECT ${RANGE} FROM gap WHERE run_id = ?`).all(runId) as Declared[]),
];

/** Takes that say that their sound was damaged. */
export const readMarked = (db: Database): Set<string> => {
  const rows = db
    .query('SELECT id FROM take WHERE tainted <> 0 UNION SELECT take_id FROM damage')
    .all() as { id: string }[];
  return new Set(rows.map(({ id }) => id));
};

/** A seam is declared when the frames on both its sides are. */
export const isDeclaredSeam = (declared: readonly Declared[], { before, after }: Seam): boolean =>
  declared.some(({ fromFrame, toFrame }) => fromFrame <= before && after < toFrame);

/** What is declared next to a seam, in words. */
export const nearestDeclared = (declared: readonly Declared[], { after }: Seam): string => {
  const distance = ({ fromFrame, toFrame }: Declared) =>
    Math.max(fromFrame - after, after - toFrame, 0);
  const [nearest] = declared.toSorted((a, b) => distance(a) - distance(b));
  return nearest ? `${nearest.fromFrame}–${nearest.toFrame} is` : 'nothing is';
};

/** Whether a window is sewn together of what was not played in one. */
export const isOverSeam = (seams: readonly Seam[], { fromFrame, toFrame }: Declared): boolean =>
  seams.some(({ before, after }) => fromFrame <= before && after < toFrame);
