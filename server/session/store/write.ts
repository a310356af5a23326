/**
 * One write request, one transaction.
 *
 * Every one can be done twice: after a worker died, what it did not acknowledge is asked for again.
 */
import type { Database, SQLQueryBindings } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../protocol/state-hash.ts';
import { EMPTY_SLOT, type Riff, type RiffSlot, waysText } from '../riffs/riff.ts';
import { writeHurt } from './hurts.ts';
import { writeMark } from './marks.ts';
import { writeEpoch } from './past.ts';
import type { StoreWrite } from './write-requests.ts';
import { writeFoundRun, writeRun } from './runs.ts';
import { insertSession, noteOpened, removeSession } from './sessions.ts';
import { writeBypass, writePlugin, writePluginState } from './plugins.ts';
import { noteTorn } from './trash.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take } from '../takes/takes.ts';

type Write<Kind extends StoreWrite['kind']> = Extract<StoreWrite, { kind: Kind }>;
type Row = Record<string, SQLQueryBindings>;

/** Inserts unless the key is there; other constraints still fail. */
const insert = (db: Database, table: string, key: string, row: Row): boolean => {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks}) ON CONFLICT (${key}) DO NOTHING`;
  return db.query(sql).run(...Object.values(row)).changes > 0;
};

const writeTake = (db: Database, sessionId: string, take: Take): void => {
  insert(db, 'take', 'id', {
    id: take.id,
    session_id: sessionId,
    run_id: take.runId,
    source: take.source,
    from_frame: take.fromFrame,
    to_frame: take.toFrame,
    rate_hz: take.rateHz,
    frames_per_beat: take.framesPerBeat,
    bpm: take.bpm,
    bars: take.bars,
    origin_beat: take.originBeat,
    length_beats: take.lengthBeats,
    offset_frames: take.offsetFrames,
    press_frame: take.pressFrame,
    tainted: Number(take.tainted),
    across_change: Number(take.acrossChange),
    recovered: Number(take.recovered),
    loose: Number(take.loose),
    recipe: take.recipe ? JSON.stringify(take.recipe) : null,
    created_ms: take.createdMs,
  });
};

const writeFile = (db: Database, file: TakeFile): void => {
  insert(db, 'take_file', 'take_id, part', {
    take_id: file.takeId,
    part: file.part,
    sha256: file.sha256,
    bytes: file.bytes,
    pre_frames: file.preFrames,
  });
};

const isDefault = (slot: RiffSlot): boolean => Bun.deepEquals(slot, EMPTY_SLOT);

const slotRow = (riffId: string, index: number, slot: RiffSlot): Row => ({
  riff_id: riffId,
  slot: index,
  take_id: slot.loop?.takeId ?? null,
  origin_beat: slot.loop?.originBeat ?? 0,
  length_beats: slot.loop?.lengthBeats ?? 0,
  offset_frames: slot.loop?.offsetFrames ?? 0,
  bars: slot.loop?.bars ?? 0,
  mode: waysText(slot.loop),
  gain: slot.gain,
  pan: slot.pan,
  muted: Number(slot.muted),
  soloed: Number(slot.soloed),
  chain: JSON.stringify(slot.chain ?? []),
});

/**
 * Each riff seals the one that was written before it, which may be a later one when that was told again:
 * a row changed behind our back breaks the chain.
 */
export const riffHash = (previous: string, riff: Riff): string =>
  createHash('sha256').update(previous).update(canonicalJson(riff)).digest('hex');

const previousHash = (db: Database, sessionId: string): string => {
  const row = db
    // The plus: from the newest back, without sorting all of them.
    .query('SELECT hash FROM riff WHERE +session_id = ? ORDER BY rowid DESC LIMIT 1')
    .get(sessionId) as { hash: string } | null;
  return row?.hash ?? '';
};

const writeRiff = (db: Database, request: Omit<Write<'riff'>, 'kind'>) => {
  const { sessionId, riff, takes, gridShift, moveId, files = [], back } = request;
  for (const take of takes) writeTake(db, sessionId, take);
  const previous = previousHash(db, sessionId);
  insert(db, 'riff', 'id', {
    id: riff.id,
    session_id: sessionId,
    parent_id: riff.parentId,
    seq: riff.seq,
    ts_ms: riff.tsMs,
    cause: riff.cause,
    slot: riff.slot,
    bars: riff.bars,
    label: riff.label,
    bpm: riff.bpm,
    meter_beats: riff.meter.beats,
    meter_unit: riff.meter.unit,
    bar_frac: riff.barFrac ?? 0,
    input_chain: JSON.stringify(riff.inputChain ?? []),
    prev_hash: previous,
    hash: riffHash(previous, riff),
  });
  for (const [index, slot] of riff.slots.entries()) {
    if (!isDefault(slot)) insert(db, 'riff_slot', 'riff_id, slot', slotRow(riff.id, index, slot));
  }
  for (const file of files) writeFile(db, file);
  if (request.isHeadElsewhere) return;
  const about = { sessionId, gridShift, atMs: riff.tsMs };
  writeHead(db, { ...about, from: riff.parentId, to: riff.id, cause: 'COMMIT', moveId });
  if (back) writeHead(db, { ...about, ...back });
};

const writeHead = (
  db: Database,
  move: Omit<Write<'head'>, 'kind' | 'from'> & { from: string | null },
): void => {
  const isNew = insert(db, 'head_move', 'id', {
    id: move.moveId,
    session_id: move.sessionId,
    from_riff: move.from,
    to_riff: move.to,
    cause: move.cause,
    at_ms: move.atMs,
  });
  if (!isNew) return;
  db.query(
    `INSERT INTO head (session_id, riff_id, grid_shift) VALUES (?, ?, ?)
     ON CONFLICT (session_id) DO UPDATE SET riff_id = excluded.riff_id, grid_shift = excluded.grid_shift`,
  ).run(move.sessionId, move.to, move.gridShift);
};

type Writers = { [K in StoreWrite['kind']]: (db: Database, request: Write<K>) => void };

const WRITERS: Writers = {
  firstSession: (db, { atMs, name, openId, sessionId }) => {
    insertSession(db, { id: sessionId, name }, atMs);
    noteOpened(db, { atMs, openId, sessionId });
  },
  beginRun: writeRun,
  endRun: (db, { runId, atMs }) => {
    db.query('UPDATE run SET ended_ms = ? WHERE id = ?').run(atMs, runId);
  },
  take: (db, { sessionId, take }) => writeTake(db, sessionId, take),
  riff: writeRiff,
  head: writeHead,
  takeFile: (db, { file }) => writeFile(db, file),
  dry: (db, { files = [], notes, sessionId, take, takeId }) => {
    writeTake(db, sessionId, take);
    for (const file of files) writeFile(db, file);
    insert(db, 'dry_side', 'take_id', {
      take_id: takeId,
      dry_id: take.id,
      notes: JSON.stringify(notes),
    });
  },
  takeTainted: (db, { takeId }) => {
    db.query('INSERT OR IGNORE INTO damage (take_id) SELECT id FROM take WHERE id = ?').run(takeId);
  },
  foundRun: writeFoundRun,
  torn: (db, { sha256s, atMs }) => noteTorn(db, sha256s, atMs),
  cache: (db, { sound }) => {
    db.query(
      `INSERT OR REPLACE INTO cache_file (sound_id, rate_hz, version, sha256, bytes)
       VALUES (?, ?, ?, ?, ?)`,
    ).run(sound.soundId, sound.rateHz, sound.version, sound.sha256, sound.bytes);
  },
  uncache: (db, { rateHz, soundId }) => {
    db.query('DELETE FROM cache_file WHERE sound_id = ? AND rate_hz = ?').run(soundId, rateHz);
  },
  segment: (db, { runId, firstFrame, toFrame, crc }) => {
    db.query(
      `INSERT INTO spool (run_id, first_frame, to_frame, crc) VALUES (?, ?, ?, ?)
       ON CONFLICT (run_id, first_frame) DO UPDATE SET to_frame = excluded.to_frame, crc = excluded.crc
       WHERE excluded.to_frame IS NOT NULL`,
    ).run(runId, firstFrame, toFrame, crc);
  },
  gap: (db, { runId, fromFrame, toFrame, reason }) => {
    insert(db, 'gap', 'run_id, from_frame', {
      run_id: runId,
      from_frame: fromFrame,
      to_frame: toFrame,
      reason,
    });
  },
  settled: (db, { takeId }) => void insert(db, 'settled', 'take_id', { take_id: takeId }),
  hurt: (db, { hurt, runId }) => writeHurt(db, runId, hurt),
  epoch: (db, { epoch, runId }) => writeEpoch(db, runId, epoch),
  plugin: (db, { plugin, sessionId }) => writePlugin(db, sessionId, plugin),
  pluginState: (db, { instanceId, sha256 }) => writePluginState(db, instanceId, sha256),
  pluginBypass: (db, { bypassed, instanceId }) => writeBypass(db, instanceId, bypassed),
  gridShift: (db, { sessionId, gridShift }) => {
    db.query('UPDATE head SET grid_shift = ? WHERE session_id = ?').run(gridShift, sessionId);
  },
  latency: (db, { profile }) => {
    db.query(
      `INSERT INTO latency (device, rate_hz, block_frames, frames, output_frames)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT (device, rate_hz, block_frames)
       DO UPDATE SET frames = excluded.frames, output_frames = excluded.output_frames`,
    ).run(
      profile.device,
      profile.rateHz,
      profile.blockFrames,
      profile.frames,
      profile.outputFrames,
    );
  },
  latencyTrim: (db, { trim }) => {
    db.query(
      `INSERT OR REPLACE INTO latency_trim (device, rate_hz, block_frames, trim_frames)
       VALUES (?, ?, ?, ?)`,
    ).run(trim.device, trim.rateHz, trim.blockFrames, trim.trimFrames);
  },
  mix: (db, { sessionId, mix }) => {
    db.query(
      `INSERT INTO mix (session_id, document) VALUES (?, ?)
       ON CONFLICT (session_id) DO UPDATE SET document = excluded.document`,
    ).run(sessionId, JSON.stringify(mix));
  },
  mark: writeMark,
  sessionName: (db, { sessionId, name }) => {
    db.query('UPDATE session SET name = ? WHERE id = ?').run(name, sessionId);
  },
  newSession: (db, { name, root, sessionId, ...opening }) => {
    insertSession(db, { id: sessionId, name }, opening.atMs);
    writeRiff(db, { ...opening, sessionId, riff: root, takes: [] });
    noteOpened(db, { ...opening, sessionId });
  },
  removeSession: (db, { atMs, sessionId }) => {
    removeSession(db, sessionId, atMs);
  },
  restoreSession: (db, { sessionId }) => {
    db.query('UPDATE session SET removed_ms = NULL WHERE id = ?').run(sessionId);
  },
  openSession: (db, opening) => {
    noteOpened(db, opening);
    const { gridShift, sessionId } = opening;
    db.query('UPDATE head SET grid_shift = ? WHERE session_id = ?').run(gridShift, sessionId);
  },
};

/** The same request will never succeed; others (disk full, busy) may later. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /constraint|written once|datatype|no such/i.test(error.message);

const setSeq = (db: Database, seq: number | null): number =>
  (
    db.query('UPDATE journal SET seq = coalesce(?, seq + 1) RETURNING seq').get(seq) as {
      seq: number;
    }
  ).seq;

/**
 * Committed when it returns; throws and changes nothing otherwise.
 *
 * @param seq Its number when it was committed before; else it gets the next one.
 * @returns The number of the commit.
 */
export const write = (db: Database, request: StoreWrite, seq: number | null = null): number => {
  const writer = WRITERS[request.kind] as (db: Database, request: StoreWrite) => void;
  return db
    .transaction(() => {
      writer(db, request);
      return setSeq(db, seq);
    })
    .immediate();
};
