/** Takes that lack a file of their own: what they lack is in the recording alone. */
import type { Database } from 'bun:sqlite';
import { LIMITS } from '../../../protocol/limits.ts';
import { isSecondAway } from '../runs/spool-files.ts';
import { type StoredTake, UNFILED_PAGE } from '../store/port.ts';
import { takesWhere } from '../store/read.ts';
import type { Pin } from './plan.ts';

/** What was never spooled is not in the recording. */
const IS_UNFILED = `recipe IS NULL AND source < ${LIMITS.drySource} AND
  (SELECT count(*) FROM take_file WHERE take_id = take.id AND part IN ('window', 'rolls')) < 2`;

/** With a bar before and one after it; those come into its second file. */
const FRAMES = `SELECT id, run_id AS runId,
  from_frame - frames_per_beat * length_beats / bars AS fromFrame,
  to_frame + frames_per_beat * length_beats / bars AS toFrame
  FROM take WHERE ${IS_UNFILED}`;

/** @param gone Ids of those whose sound is nowhere any more: there is nothing to be kept for them. */
export const unfiledPins = (db: Database, gone: readonly string[]): Pin[] => {
  const without = new Set(gone);
  const rows = db.query(FRAMES).all() as (Pin & { id: string })[];
  return rows.filter(({ id }) => !without.has(id));
};

/** A few of them, of all sessions, in the order of their rows. */
export const unfiledTakes = (
  db: Database,
  spoolFolder: string,
  afterRow: number,
): { takes: StoredTake[]; lastRow: number | null } => {
  const found = takesWhere(db, { where: IS_UNFILED, afterRow, limit: UNFILED_PAGE });
  return {
    // Those of a recording that goes on in a folder which is away are asked for when it is back.
    takes: found.filter(({ take }) => !isSecondAway(spoolFolder, take.runId)),
    lastRow: found.at(-1)?.row ?? null,
  };
};
