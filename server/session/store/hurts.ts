/** Damage of the past in the store: one row for what no window has room between, as long as it matters. */
import type { Database } from 'bun:sqlite';
import type { Hurt } from '../runs/damage.ts';
import { JOIN_FRAMES, RANGES_KEPT, SourceRanges, unionOf } from '../runs/source-ranges.ts';
import type { StoredDamage } from './stored.ts';

interface Row {
  readonly fromFrame: number;
  readonly toFrame: number;
}

const FRAMES = 'from_frame AS fromFrame, to_frame AS toFrame';

/** Rows that lie beside these frames of a source: the last that begins before them, and all in reach. */
const neighbours = (db: Database, runId: string, hurt: Hurt & { source: number }): Row[] =>
  (
    db
      .query(
        `SELECT ${FRAMES} FROM hurt WHERE run_id = ?1 AND source = ?2 AND from_frame <= ?4
         AND from_frame >= (SELECT coalesce(max(from_frame), ?3) FROM hurt
           WHERE run_id = ?1 AND source = ?2 AND from_frame <= ?3)`,
      )
      .all(runId, hurt.source, hurt.fromFrame, hurt.toFrame + JOIN_FRAMES) as Row[]
  ).filter(({ toFrame }) => toFrame >= hurt.fromFrame - JOIN_FRAMES);

/** Told again after a crash, or a second later while it goes on, it makes the row it belongs to longer. */
export const writeHurt = (db: Database, runId: string, hurt: Hurt & { source: number }): void => {
  const near = neighbours(db, runId, hurt);
  const remove = db.query('DELETE FROM hurt WHERE run_id = ? AND source = ? AND from_frame = ?');
  for (const { fromFrame } of near) remove.run(runId, hurt.source, fromFrame);
  const { fromFrame, toFrame } = unionOf([hurt, ...near]);
  db.query('INSERT INTO hurt (run_id, source, from_frame, to_frame) VALUES (?, ?, ?, ?)').run(
    runId,
    hurt.source,
    fromFrame,
    toFrame,
  );
};

/**
 * What was told as damaged, and the gaps, which are so in every source: of each the newest, oldest
 * first; what is older than those of its source is one.
 */
export const readHurts = (db: Database, runId: string): Hurt[] =>
  db
    .query(
      `SELECT source, min(from_frame) AS fromFrame, max(to_frame) AS toFrame FROM (
         SELECT source, from_frame, to_frame,
           row_number() OVER (PARTITION BY source ORDER BY from_frame DESC) AS place
         FROM (SELECT source, from_frame, to_frame FROM hurt WHERE run_id = ?1
           UNION ALL SELECT NULL, from_frame, to_frame FROM gap WHERE run_id = ?1))
       GROUP BY source, min(place, ?2) ORDER BY fromFrame`,
    )
    .all(runId, RANGES_KEPT) as Hurt[];

/** What an engine says that goes on with a run; what was said of the run before holds. */
export const writeListedFrom = (db: Database, runId: string, fromFrame: number | null): void =>
  void db
    .query('UPDATE run SET listed_from = coalesce(listed_from, ?) WHERE id = ?')
    .run(fromFrame, runId);

/** Rows may have gone that nobody meant to go: of no run is it known any more that all are there. */
export const unlistHurts = (db: Database): void => void db.run('UPDATE run SET listed_from = NULL');

export const readDamage = (db: Database, runId: string): StoredDamage => {
  const row = db.query('SELECT listed_from AS listedFrom FROM run WHERE id = ?').get(runId);
  const { listedFrom = null } = (row ?? {}) as { listedFrom?: number | null };
  return { hurts: readHurts(db, runId), listedFrom };
};

/** Of each take of the run what its files hold: its window, and a bar around it. */
const takesOf = (db: Database, runId: string): Hurt[] =>
  db
    .query(
      `SELECT source, from_frame - frames_per_beat * length_beats / bars AS fromFrame,
       to_frame + frames_per_beat * length_beats / bars AS toFrame
       FROM take WHERE run_id = ? AND recipe IS NULL`,
    )
    .all(runId) as Hurt[];

/**
 * Removes what is known of frames that are gone: those before this one, unless a take holds them. What
 * is left is as whole a list as before of all that can be asked for: the sound of a later take is one of
 * the two.
 *
 * @returns How many rows went.
 */
export const forgetHurts = (db: Database, runId: string, keptFrom: number): number => {
  const old = db
    .query(`SELECT source, ${FRAMES} FROM hurt WHERE run_id = ? AND to_frame <= ?`)
    .all(runId, keptFrom) as (Row & { source: number })[];
  if (old.length === 0) return 0;
  const held = new SourceRanges(takesOf(db, runId));
  const gone = old.filter(
    ({ fromFrame, source, toFrame }) => !held.touches(source, fromFrame, toFrame),
  );
  const remove = db.query('DELETE FROM hurt WHERE run_id = ? AND source = ? AND from_frame = ?');
  db.transaction(() => {
    for (const { fromFrame, source } of gone) remove.run(runId, source, fromFrame);
  }).immediate();
  return gone.length;
};
