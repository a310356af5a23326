/** Which sessions there are, and which one is open. */
import type { Database } from 'bun:sqlite';
import { LIMITS } from '../../../protocol/limits.ts';
import type { SessionRow } from '../../../protocol/link.ts';
import { FRAME_BYTES, WAV_HEADER_BYTES } from '../../wav-header.ts';
import type { StoreRead } from './port.ts';
import type { SessionFate, StoredSession } from './stored.ts';
import type { StoreWrite } from './write-requests.ts';
import { mixOfText } from './texts.ts';
import { TRASH_MS } from './trash-time.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Of a file that knows of no opening: the newest in which something was done hides no music. */
const NEWEST = `SELECT id, name FROM session WHERE removed_ms IS NULL
  ORDER BY EXISTS (SELECT 1 FROM riff WHERE session_id = session.id AND seq > 0) DESC,
  created_ms DESC, rowid DESC LIMIT 1`;

const OPENED_LAST = `SELECT session.id, name FROM opened JOIN session ON session.id = session_id
  WHERE removed_ms IS NULL
  ORDER BY seq DESC LIMIT 1`;

export const noteOpened = (
  db: Database,
  { atMs, openId, sessionId }: { atMs: number; openId: string; sessionId: string },
): void => {
  db.query(
    'INSERT INTO opened (id, session_id, at_ms) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
  ).run(openId, sessionId, atMs);
};

export const insertSession = (db: Database, { id, name }: Named, atMs: number): void => {
  db.query(
    'INSERT INTO session (id, name, created_ms) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
  ).run(id, name, atMs);
};

/**
 * The session to go on with; a file without any gets its first.
 *
 * @param commit Writes that it is.
 */
export const lastOpened = (
  db: Database,
  newName: string,
  atMs: number,
  commit: (request: StoreWrite) => void,
): string => {
  const last = db.query(OPENED_LAST).get() as Named | null;
  if (last) return last.id;
  const session = (db.query(NEWEST).get() as Named | null) ?? {
    id: crypto.randomUUID(),
    name: newName,
  };
  const { id: sessionId, name } = session;
  commit({ kind: 'firstSession', sessionId, name, atMs, openId: crypto.randomUUID() });
  return sessionId;
};

export const readSession = (db: Database, sessionId: string): StoredSession | null => {
  const session = db
    .query('SELECT name FROM session WHERE id = ? AND removed_ms IS NULL')
    .get(sessionId) as {
    name: string;
  } | null;
  if (!session) return null;
  const head = db
    .query('SELECT riff_id AS riffId, grid_shift AS gridShift FROM head WHERE session_id = ?')
    .get(sessionId) as StoredSession['head'];
  const mix = db.query('SELECT document FROM mix WHERE session_id = ?').get(sessionId) as {
    document: string;
  } | null;
  return {
    sessionId,
    sessionName: session.name,
    head,
    mix: mix && mixOfText(mix.document),
  };
};

const USED = `max(created_ms,
  coalesce((SELECT max(at_ms) FROM opened WHERE session_id = session.id), 0),
  coalesce((SELECT ts_ms FROM riff WHERE session_id = session.id ORDER BY seq DESC LIMIT 1), 0))`;

/** Not before it was last used: the clock may have been set back. */
export const removeSession = (db: Database, sessionId: string, atMs: number): void =>
  void db
    .query(`UPDATE session SET removed_ms = max(?, ${USED}) WHERE id = ?`)
    .run(atMs, sessionId);

/** The same file counts once, whoever names it; a take that has none yet counts with the one it will have. */
const BYTES = `SELECT coalesce(sum(bytes), 0) FROM (SELECT max(bytes) AS bytes
  FROM take JOIN take_file ON take_id = take.id WHERE session_id = session.id GROUP BY sha256
  UNION ALL
  SELECT ${WAV_HEADER_BYTES} + ${FRAME_BYTES} * (to_frame - from_frame) FROM take
  WHERE session_id = session.id AND recipe IS NULL AND NOT EXISTS
  (SELECT 1 FROM take_file WHERE take_id = take.id AND part = 'window'))`;

/** Derived takes are made of those that were played, and dry sides are of the same time. */
const DURATION = `SELECT coalesce(sum((to_frame - from_frame) * 1000.0 / rate_hz), 0)
  FROM take WHERE session_id = session.id AND recipe IS NULL AND source < ${LIMITS.drySource}`;

/** The one last used first; `before` is the last of the page before. */
export const listSessions = (
  db: Database,
  { before, limit, nowMs, removed = false }: Omit<Extract<StoreRead, { kind: 'sessions' }>, 'kind'>,
): Omit<SessionRow, 'open'>[] =>
  db
    .query(
      `WITH used AS (SELECT id, name, created_ms, removed_ms, ${USED} AS used_ms FROM session
         WHERE ${removed ? 'removed_ms > ?3' : 'removed_ms IS NULL AND ?3 IS NOT NULL'})
       SELECT id, name, created_ms AS createdMs, used_ms AS usedMs,
       (SELECT count(*) FROM riff WHERE session_id = session.id AND seq > 0) AS riffs,
       (SELECT count(*) FROM take WHERE session_id = session.id
        AND source < ${LIMITS.drySource}) AS takes,
       removed_ms AS removedMs, (${BYTES}) AS bytes, (${DURATION}) AS durationMs
       FROM used AS session
       WHERE ?1 = '' OR (used_ms, id) < (SELECT used_ms, id FROM used WHERE id = ?1)
       ORDER BY used_ms DESC, id DESC LIMIT ?2`,
    )
    .all(before ?? '', limit, nowMs - TRASH_MS) as Omit<SessionRow, 'open'>[];

export const sessionFate = (db: Database, sessionId: string): SessionFate | null =>
  db
    .query(
      `SELECT removed_ms AS removedMs,
       (SELECT count(*) FROM riff WHERE session_id = session.id AND seq > 0) AS riffs
       FROM session WHERE id = ?`,
    )
    .get(sessionId) as SessionFate | null;
