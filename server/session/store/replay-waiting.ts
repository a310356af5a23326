/** Asks again for what an engine before this one had asked for, and never heard that it was written. */
import type { Database } from 'bun:sqlite';
import { headAfter } from '../riffs/commit-writes.ts';
import { isRefusal } from './write.ts';
import type { Take } from '../takes/takes.ts';
import type { WaitingLine } from './read-waiting.ts';
import type { StoreWrite } from './write-requests.ts';

export interface Replayed {
  /** The store does not take them for what they are. */
  readonly refused: readonly StoreWrite[];
  /** It takes nothing now. They may come behind what comes next. */
  readonly owed: readonly StoreWrite[];
}

const headOf = (db: Database, sessionId: string): string | null => {
  const row = db.query('SELECT riff_id FROM head WHERE session_id = ?').get(sessionId) as {
    riff_id: string;
  } | null;
  return row?.riff_id ?? null;
};

/** Where these writes take the head of a session: from where, and by each of them to where. */
const headsOf = (writes: readonly StoreWrite[], sessionId: string): (string | null)[] =>
  writes.flatMap((write) => {
    if (write.kind !== 'riff' && write.kind !== 'head') return [];
    if (write.sessionId !== sessionId) return [];
    return [write.kind === 'riff' ? write.riff.parentId : write.from, headAfter(write)];
  });

/** What is left of a write when head and mix are to stay where they are; null = nothing. */
const besideHead = (write: StoreWrite): StoreWrite | null => {
  if (['head', 'mix', 'gridShift', 'openSession'].includes(write.kind)) return null;
  return write.kind === 'riff' ? { ...write, isHeadElsewhere: true } : write;
};

/** Numbers of the history are given once: a riff that comes late has the next one. */
const numberedAnew = (db: Database, write: StoreWrite): StoreWrite => {
  if (write.kind !== 'riff') return write;
  const { riff, sessionId } = write;
  const { id, seq } = db
    .query('SELECT max(id = ?1) AS id, max(seq) + 1 AS seq FROM riff WHERE session_id = ?2')
    .get(riff.id, sessionId) as { id: number; seq: number };
  return id === 1 ? write : { ...write, riff: { ...riff, seq } };
};

export interface ReplayActs {
  /** Throws when it cannot. */
  commit(write: StoreWrite): void;
  /** The recording holds all of the window. */
  hasSound(take: Take): boolean;
}

/** What waited for sound may be written when that is on disk by now; else the ring still has it to tell. */
const mayBe = (write: StoreWrite, hasSound: ReplayActs['hasSound']): boolean => {
  if (write.kind === 'dry') return false;
  return write.kind !== 'riff' || write.takes.every((take) => take.recipe || hasSound(take));
};

/**
 * A write that was committed and not acknowledged is done twice without a second effect. Where a later engine
 * went on from, as it may when the farther place was away, head and mix stay as that one left them.
 */
export const replayWaiting = (
  db: Database,
  lines: readonly WaitingLine[],
  { commit, hasSound }: ReplayActs,
): Replayed => {
  const writes = lines.map(({ write }) => write);
  const hasGoneOn = new Map<string, boolean>();
  const isPast = (sessionId: string): boolean => {
    const known = hasGoneOn.get(sessionId);
    if (known !== undefined) return known;
    const head = headOf(db, sessionId);
    const heads = headsOf(writes, sessionId);
    const isElsewhere = head !== null && heads.length > 0 && !heads.includes(head);
    hasGoneOn.set(sessionId, isElsewhere);
    return isElsewhere;
  };
  const refused: StoreWrite[] = [];
  for (const [at, { isHeld, write }] of lines.entries()) {
    if (isHeld && !mayBe(write, hasSound)) continue;
    const isLate = 'sessionId' in write && isPast(write.sessionId);
    const asked = isLate ? besideHead(write) : write;
    if (asked === null) continue;
    try {
      commit(isLate ? numberedAnew(db, asked) : asked);
    } catch (error) {
      if (!isRefusal(error)) {
        const rest = lines.slice(at).filter((line) => !line.isHeld);
        const owed = rest.map((line) => besideHead(line.write));
        return { refused, owed: owed.filter((each) => each !== null) };
      }
      // It may hang on what the ring is still to tell.
      if (!isHeld) refused.push(write);
    }
  }
  return { refused, owed: [] };
};
