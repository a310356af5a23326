/** Takes that lack a file of their own: what they lack is in the recording alone. */
import type { Database } from 'bun:sqlite';
import { LIMITS } from '../../../protocol/limits.ts';
import { isSecondAway } from '../runs/spool-files.ts';
import { UNFILED_PAGE, type UnfiledQuestion } from '../store/port.ts';
import type { UnfiledTake } from '../store/stored.ts';
import { takesWhere } from '../store/read-takes.ts';
import { IS_TAKE_NEEDED } from '../store/trash.ts';
import { isSoundAround } from './late-sound.ts';
import type { Pin } from './plan.ts';

/** What was never spooled is not in the recording. */
const LACKS_FILE = `recipe IS NULL AND source < ${LIMITS.drySource} AND
  (SELECT count(*) FROM take_file WHERE take_id = take.id AND part IN ('window', 'rolls')) < 2`;
const IS_SETTLED = 'EXISTS (SELECT 1 FROM settled WHERE take_id = take.id)';
const HAS_WINDOW = `EXISTS
  (SELECT 1 FROM take_file WHERE take_id = take.id AND part = 'window')`;

/**
 * With a bar before and one after it; those come into its second file. What the recording still has of a
 * window that cannot be had whole is all there is of that take: it stays until the player lets the take go.
 */
const FRAMES = `SELECT run_id AS runId,
  from_frame - frames_per_beat * length_beats / bars AS fromFrame,
  to_frame + frames_per_beat * length_beats / bars AS toFrame
  FROM take WHERE ${LACKS_FILE}
  AND (NOT ${IS_SETTLED} OR (NOT ${HAS_WINDOW} AND (${IS_TAKE_NEEDED})))`;

/** Nothing is kept for what cannot be had around a window that has its file. */
export const unfiledPins = (db: Database): Pin[] => db.query(FRAMES).all() as Pin[];

/** With those that are settled, when they lost all. */
const LACKING = {
  window: `${LACKS_FILE} AND NOT ${HAS_WINDOW}`,
  rolls: `${LACKS_FILE} AND ${HAS_WINDOW} AND NOT ${IS_SETTLED}`,
};

/** A few of those that lack it, of all sessions, in the order of their rows. */
export const unfiledTakes = (
  db: Database,
  spoolFolder: string,
  { afterRow, lacks }: UnfiledQuestion,
): { takes: UnfiledTake[]; lastRow: number | null } => {
  const found = takesWhere(db, { where: LACKING[lacks], afterRow, limit: UNFILED_PAGE });
  return {
    takes: found
      // Those of a recording that goes on in a folder which is away are asked for when it is back.
      .filter(({ isSettled, take }) => isSettled || !isSecondAway(spoolFolder, take.runId))
      .map((stored) => ({
        ...stored,
        isSoundAround: isSoundAround(db, spoolFolder, stored.take),
      })),
    lastRow: found.at(-1)?.row ?? null,
  };
};
