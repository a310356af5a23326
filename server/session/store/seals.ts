/** Whether the riffs are what was written: each seals itself and the one before it. */
import type { Database } from 'bun:sqlite';
import { LIMITS } from '../../../protocol/limits.ts';
import { EMPTY_SLOT, type Riff } from '../riffs/riff.ts';
import { STORE_PAGE } from './port.ts';
import { read } from './read.ts';
import { riffHash } from './write.ts';

interface Seal {
  readonly id: string;
  readonly prev_hash: string;
  readonly hash: string;
}

const padded = (riff: Riff, slotCount: number): Riff => ({
  ...riff,
  slots: Array.from({ length: slotCount }, (_, slot) => riff.slots[slot] ?? EMPTY_SLOT),
});

/**
 * The riff was sealed with all its slots, and those at the end that hold nothing are not stored: how
 * many there were is the one thing that has to be found out.
 *
 * @returns That count, or null when the riff is not what was sealed.
 */
const sealedSlots = (riff: Riff, { hash, prev_hash: before }: Seal, likely: number) => {
  const least = riff.slots.length;
  const counts = [likely, least];
  for (let count = least; count <= LIMITS.slotCountMax; count += 1) counts.push(count);
  const found = counts.find(
    (count) => count >= least && riffHash(before, padded(riff, count)) === hash,
  );
  return found ?? null;
};

export interface SealsPage {
  readonly checkedCount: number;
  /** Ids of riffs that are not what was written, or do not hang on the one before them. */
  readonly broken: readonly string[];
}

const sessionsOf = (db: Database): string[] =>
  (db.query('SELECT id FROM session ORDER BY rowid').all() as { id: string }[]).map(({ id }) => id);

/** Of each riff the seal of the one that was written before it. */
const sealsBefore = (db: Database, sessionId: string): ReadonlyMap<string, string> => {
  const rows = db
    .query('SELECT id, hash FROM riff WHERE session_id = ? ORDER BY rowid')
    .all(sessionId) as Omit<Seal, 'prev_hash'>[];
  return new Map(rows.map(({ id }, at) => [id, rows[at - 1]?.hash ?? '']));
};

/** Page by page, so that whoever asks may rest between. */
export function* checkSeals(db: Database): Generator<SealsPage> {
  const sealsAfter = db.query(
    'SELECT id, prev_hash, hash FROM riff WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  for (const sessionId of sessionsOf(db)) {
    let before = sealsBefore(db, sessionId);
    let [afterSeq, slotCount] = [-1, 0];
    for (;;) {
      const riffs = read(db, { kind: 'riffs', sessionId, afterSeq }) as Riff[];
      const seals = sealsAfter.all(sessionId, afterSeq, STORE_PAGE) as Seal[];
      // Some were written since.
      if (riffs.some(({ id }) => !before.has(id))) before = sealsBefore(db, sessionId);
      const broken: string[] = [];
      for (const [at, riff] of riffs.entries()) {
        const seal = seals[at];
        if (!seal) continue;
        const isNext = seal.prev_hash === before.get(riff.id);
        const count = isNext ? sealedSlots(riff, seal, slotCount) : null;
        if (count === null) broken.push(riff.id);
        slotCount = count ?? slotCount;
        afterSeq = riff.seq;
      }
      if (riffs.length > 0) yield { checkedCount: riffs.length, broken };
      if (riffs.length < STORE_PAGE) break;
    }
  }
}
