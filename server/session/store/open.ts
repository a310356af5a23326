/** What the store remembers beside riffs and takes: the session to go on with, its run, what was measured. */
import type { Database } from 'bun:sqlite';
import type { LatencyProfile, LatencyTrim } from '../time/latency.ts';
import type { StoreRead } from './port.ts';
import type { OpenedStore } from './stored.ts';
import type { StoreWrite } from './write-requests.ts';
import { readEpochs } from './past.ts';
import { readDamage } from './hurts.ts';
import { lastOpened, readSession } from './sessions.ts';
import { write } from './write.ts';

const readLatencies = (db: Database): LatencyProfile[] =>
  db
    .query(
      `SELECT device, rate_hz AS rateHz, block_frames AS blockFrames, frames,
       output_frames AS outputFrames FROM latency`,
    )
    .all() as LatencyProfile[];

const readTrims = (db: Database): LatencyTrim[] =>
  db
    .query(
      `SELECT device, rate_hz AS rateHz, block_frames AS blockFrames, trim_frames AS trimFrames
       FROM latency_trim`,
    )
    .all() as LatencyTrim[];

export type OpenedSession = Omit<OpenedStore, 'sqliteVersion' | 'isReadOnly' | 'mended' | 'left'>;

/**
 * The session that was open last, or a new one; and the newest run, whichever session it began in.
 *
 * @param commit Writes the new one.
 */
export const openSession = (
  db: Database,
  { atMs, newSessionName }: Extract<StoreRead, { kind: 'open' }>,
  commit: (request: StoreWrite) => void = (request) => void write(db, request),
): OpenedSession => {
  const session = readSession(db, lastOpened(db, newSessionName, atMs, commit));
  if (!session) throw new Error('the session that was opened is not there');
  const run = db
    .query('SELECT id, ended_ms FROM run WHERE started_ms > 0 ORDER BY rowid DESC LIMIT 1')
    .get() as {
    id: string;
    ended_ms: number | null;
  } | null;
  return {
    ...session,
    openRunId: run && run.ended_ms === null ? run.id : null,
    epochs: run ? readEpochs(db, run.id) : [],
    ...(run ? readDamage(db, run.id) : { hurts: [], listedFrom: null }),
    latencies: readLatencies(db),
    trims: readTrims(db),
  };
};
