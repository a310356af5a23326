/** Brings a database up to what the journal holds. */
import type { Database } from 'bun:sqlite';
import { seqOf } from './backup.ts';
import { unlistHurts } from './hurts.ts';
import { readJournal } from './journal.ts';
import type { CommittedWrite } from './write-requests.ts';
import { isRefusal, write } from './write.ts';

const together = (
  written: readonly CommittedWrite[],
  owed: readonly CommittedWrite[],
  heldSeq: number,
): CommittedWrite[] => {
  const lacking = owed.filter(({ seq }) => seq > heldSeq);
  const bySeq = new Map([...written, ...lacking].map((line) => [line.seq, line]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
};

/** Commits that the journal holds and the database does not; all of them or none. */
export const replayLines = (db: Database, dataFolder: string, owed: readonly CommittedWrite[]) => {
  let heldSeq = seqOf(db);
  let [replayedCount, missingCount] = [0, 0];
  const { lines: written, tornSeq } = readJournal(dataFolder, heldSeq);
  const lines = together(written, owed, heldSeq);
  db.transaction(() => {
    for (const line of lines) {
      missingCount += line.seq - heldSeq - 1;
      heldSeq = line.seq;
      try {
        write(db, line.write, line.seq);
        replayedCount += 1;
      } catch (error) {
        // It hangs on one that is missing.
        if (!isRefusal(error)) throw error;
        missingCount += 1;
      }
    }
    if (tornSeq > heldSeq) missingCount += 1;
    if (missingCount > 0) unlistHurts(db);
  }).immediate();
  return { replayedCount, missingCount };
};
