/** What the store remembers, in answers of at most 200 rows. */
import type { Database } from 'bun:sqlite';
import { type Riff, type RiffSlot, withChain } from '../riffs/riff.ts';
import { STORE_PAGE, type StoreRead } from './port.ts';
import type { HeadMove, StoredSound, StoredTake } from './stored.ts';
import { readMarks } from './marks.ts';
import { readGaps, readRun } from './past.ts';
import { readPlugins } from './plugins.ts';
import { makeSlotReader, type SlotColumns, slotsOf } from './read-slots.ts';
import { takesWhere } from './read-takes.ts';
import { listSessions, readSession, sessionFate } from './sessions.ts';
import { chainOfText } from './texts.ts';
import type { CachedSound } from '../sounds/sound-cache.ts';

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

/** Taken up by an engine that begins. */
const GAPS_MAX = 10_000;

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
  const slotsByRiff = Map.groupBy(slots, (slot) => slot.riff_id);
  const slotOfRow = makeSlotReader();
  return rows.map((row) => riffOf(row, slotsOf(slotsByRiff.get(row.id) ?? [], slotOfRow)));
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
