/** What the store remembers, in answers of at most 200 rows. */
import type { Database } from 'bun:sqlite';
import { EMPTY_SLOT, type Riff, type RiffSlot, waysOfText, withChain } from '../riffs/riff.ts';
import { STORE_PAGE, type StoreRead } from './port.ts';
import type { HeadMove, StoredSound, StoredTake } from './stored.ts';
import { readMarks } from './marks.ts';
import { readGaps, readRun } from './past.ts';
import { readPlugins } from './plugins.ts';
import { listSessions, readSession, sessionFate } from './sessions.ts';
import { chainOfText, lostRecipe, notesOfText, recipeOfText } from './texts.ts';
import type { Take } from '../takes/takes.ts';
import type { CachedSound } from '../sounds/sound-cache.ts';
import type { TakeFile } from '../takes/take-safety.ts';

interface RiffColumns {
  id: string;
  parent_id: string | null;
  seq: number;
  ts_ms: number;
  cause: string;
  slot: number | null;
  bars: number;
  label: string;
  bpm: number;
  meter_beats: number;
  meter_unit: number;
  bar_frac: number;
  input_chain: string;
}

interface SlotColumns {
  riff_id: string;
  slot: number;
  take_id: string | null;
  origin_beat: number;
  length_beats: number;
  offset_frames: number;
  bars: number;
  mode: string;
  gain: number;
  pan: number;
  muted: number;
  soloed: number;
  chain: string;
}

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

/** Taken up by an engine that begins. */
const GAPS_MAX = 10_000;

const slotOf = (row: SlotColumns): RiffSlot => ({
  loop:
    row.take_id === null
      ? null
      : {
          takeId: row.take_id,
          bars: row.bars,
          lengthBeats: row.length_beats,
          originBeat: row.origin_beat,
          offsetFrames: row.offset_frames,
          ...waysOfText(row.mode),
        },
  gain: row.gain,
  pan: row.pan,
  muted: row.muted !== 0,
  soloed: row.soloed !== 0,
  ...withChain('chain', chainOfText(row.chain)),
});

const isSame = (a: SlotColumns, b: SlotColumns): boolean =>
  a.take_id === b.take_id &&
  a.origin_beat === b.origin_beat &&
  a.length_beats === b.length_beats &&
  a.offset_frames === b.offset_frames &&
  a.bars === b.bars &&
  a.mode === b.mode &&
  a.gain === b.gain &&
  a.pan === b.pan &&
  a.muted === b.muted &&
  a.soloed === b.soloed &&
  a.chain === b.chain;

/**
 * A step changes one slot or two: what a slot holds as in the riff before is the same object. A page
 * with few objects is quickly handed over, and takes little memory.
 */
const makeSlotReader = () => {
  const lastOf: ({ row: SlotColumns; slot: RiffSlot } | undefined)[] = [];
  return (row: SlotColumns): RiffSlot => {
    const last = lastOf[row.slot];
    if (last && isSame(last.row, row)) return last.slot;
    const slot = slotOf(row);
    lastOf[row.slot] = { row, slot };
    return slot;
  };
};

const slotsOf = (
  rows: readonly SlotColumns[],
  slotOfRow: ReturnType<typeof makeSlotReader>,
): RiffSlot[] => {
  const count = Math.max(0, ...rows.map((row) => row.slot + 1));
  const slots = Array.from({ length: count }, () => EMPTY_SLOT);
  for (const row of rows) slots[row.slot] = slotOfRow(row);
  return slots;
};

/** One query for a page, not one a row. */
const grouped = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
};

const riffOf = (row: RiffColumns, slots: readonly RiffSlot[]): Riff => ({
  id: row.id,
  parentId: row.parent_id,
  seq: row.seq,
  tsMs: row.ts_ms,
  cause: row.cause as Riff['cause'],
  slot: row.slot,
  bars: row.bars,
  label: row.label,
  bpm: row.bpm,
  meter: { beats: row.meter_beats, unit: row.meter_unit },
  slots,
  ...(row.bar_frac !== 0 && { barFrac: row.bar_frac }),
  ...withChain('inputChain', chainOfText(row.input_chain)),
});

const readRiffs = (db: Database, sessionId: string, afterSeq: number): Riff[] => {
  const rows = db
    .query('SELECT * FROM riff WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?')
    .all(sessionId, afterSeq, STORE_PAGE) as RiffColumns[];
  const slots = db
    .query(
      `SELECT riff_slot.* FROM riff JOIN riff_slot ON riff_slot.riff_id = riff.id
       WHERE session_id = ? AND seq > ? AND seq <= ?`,
    )
    .all(sessionId, afterSeq, rows.at(-1)?.seq ?? afterSeq) as SlotColumns[];
  const slotsByRiff = grouped(slots, (slot) => slot.riff_id);
  const slotOfRow = makeSlotReader();
  return rows.map((row) => riffOf(row, slotsOf(slotsByRiff.get(row.id) ?? [], slotOfRow)));
};

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
  const filesByTake = grouped(files, (file) => file.takeId);
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

const readTakes = (db: Database, sessionId: string, afterRow: number): StoredTake[] =>
  takesWhere(db, { where: 'session_id = ?', values: [sessionId], afterRow, limit: STORE_PAGE });

const readMoves = (db: Database, sessionId: string, afterSeq: number): HeadMove[] =>
  db
    .query(
      `SELECT seq, from_riff AS "from", to_riff AS "to", cause FROM head_move
       WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    )
    .all(sessionId, afterSeq, STORE_PAGE) as HeadMove[];

/** Of every session: their files are in one folder. */
const readCached = (db: Database, afterRow: number): StoredSound[] => {
  const rows = db
    .query(
      `SELECT rowid AS row, sound_id AS soundId, rate_hz AS rateHz, version, sha256, bytes
       FROM cache_file WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .all(afterRow, STORE_PAGE) as (CachedSound & { row: number })[];
  return rows.map(({ row, ...sound }) => ({ row, sound }));
};

export const read = (
  db: Database,
  request: Exclude<
    StoreRead,
    { kind: 'open' | 'past' | 'spoolUse' | 'forget' | 'unfiled' | 'lateSound' | 'close' }
  >,
): unknown => {
  switch (request.kind) {
    case 'riffs':
      return readRiffs(db, request.sessionId, request.afterSeq);
    case 'takes':
      return readTakes(db, request.sessionId, request.afterRow);
    case 'moves':
      return readMoves(db, request.sessionId, request.afterSeq);
    case 'plugins':
      return readPlugins(db, request.sessionId, request.afterRow);
    case 'marks':
      return readMarks(db, request.sessionId, request.afterRow);
    case 'gaps':
      return readGaps(db, request.runId, GAPS_MAX);
    case 'run':
      return readRun(db, request.runId);
    case 'session':
      return readSession(db, request.sessionId);
    case 'sessionFate':
      return sessionFate(db, request.sessionId);
    case 'sessions':
      return listSessions(db, request);
    case 'cached':
      return readCached(db, request.afterRow);
  }
};
