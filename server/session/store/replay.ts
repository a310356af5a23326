/** Brings a database up to what the journal holds. */
import type { Database } from 'bun:sqlite';
import { seqOf } from './backup.ts';
import { unlistHurts } from './hurts.ts';
import { readJournal } from './journal.ts';
import { isRefusal, write } from './write.ts';

/** Commits that the journal holds and the database does not; all of them or none. */
export const replayLines = (db: Database, dataFolder: string) => {
  let heldSeq = seqOf(db);
  let [replayedCount, missingCount] = [0, 0];
  const { lines, tornSeq } = readJournal(dataFolder, heldSeq);
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
