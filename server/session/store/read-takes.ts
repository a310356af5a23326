/** Takes as the store has them, with their files and their dry sides. */
import type { Database } from 'bun:sqlite';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take } from '../takes/takes.ts';
import type { StoredTake } from './stored.ts';
import { lostRecipe, notesOfText, recipeOfText } from './texts.ts';

interface TakeColumns {
  row: number;
  id: string;
  run_id: string;
  source: number;
  from_frame: number;
  to_frame: number;
  rate_hz: number;
  frames_per_beat: number;
  bpm: number;
  bars: number;
  origin_beat: number;
  length_beats: number;
  offset_frames: number;
  press_frame: number;
  tainted: number;
  /** Found out after the row was written. */
  damaged: number;
  across_change: number;
  recovered: number;
  loose: number;
  recipe: string | null;
  created_ms: number;
  /** Null = it has no dry side. */
  dry_id: string | null;
  settled: number;
  notes: string | null;
}

/** What it was made of; damaged when that is lost. */
const recipeOf = (row: TakeColumns): Pick<Take, 'recipe' | 'tainted'> => {
  const tainted = row.tainted !== 0 || row.damaged !== 0;
  if (row.recipe === null) return { tainted };
  const recipe = recipeOfText(row.recipe);
  if (recipe) return { recipe, tainted };
  return { recipe: lostRecipe(row.length_beats, row.frames_per_beat), tainted: true };
};

const takeOf = (row: TakeColumns): StoredTake['take'] => ({
  id: row.id,
  runId: row.run_id,
  source: row.source,
  fromFrame: row.from_frame,
  toFrame: row.to_frame,
  rateHz: row.rate_hz,
  framesPerBeat: row.frames_per_beat,
  bpm: row.bpm,
  bars: row.bars,
  originBeat: row.origin_beat,
  lengthBeats: row.length_beats,
  offsetFrames: row.offset_frames,
  pressFrame: row.press_frame,
  acrossChange: row.across_change !== 0,
  recovered: row.recovered !== 0,
  loose: row.loose !== 0,
  createdMs: row.created_ms,
  ...recipeOf(row),
});

interface TakesWanted {
  /** What is asked of a row of `take`; `?` are the values. */
  readonly where: string;
  readonly values?: readonly string[];
  readonly afterRow: number;
  readonly limit: number;
}

export const takesWhere = (
  db: Database,
  { afterRow, limit, values = [], where }: TakesWanted,
): StoredTake[] => {
  const rows = db
    .query(
      `SELECT take.rowid AS row, take.*, dry_id, notes,
       EXISTS (SELECT 1 FROM damage WHERE take_id = take.id) AS damaged,
       EXISTS (SELECT 1 FROM settled WHERE take_id = take.id) AS settled
       FROM take LEFT JOIN dry_side ON dry_side.take_id = take.id
       WHERE ${where} AND take.rowid > ? ORDER BY take.rowid LIMIT ?`,
    )
    .all(...values, afterRow, limit) as TakeColumns[];
  const files = db
    .query(
      `SELECT take_id AS takeId, part, sha256, bytes, pre_frames AS preFrames
       FROM take JOIN take_file ON take_id = take.id
       WHERE ${where} AND take.rowid > ? AND take.rowid <= ? AND part <> 'cache'`,
    )
    .all(...values, afterRow, rows.at(-1)?.row ?? afterRow) as TakeFile[];
  const filesByTake = Map.groupBy(files, (file) => file.takeId);
  return rows.map((row) => ({
    row: row.row,
    take: takeOf(row),
    files: filesByTake.get(row.id) ?? [],
    ...(row.settled !== 0 && { isSettled: true }),
    ...(row.dry_id !== null && {
      dry: { takeId: row.dry_id, notes: notesOfText(row.notes ?? '[]') },
    }),
  }));
};
