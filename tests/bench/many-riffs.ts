/**
 * A session of many riffs: how large its file is, how long it takes to open and to show the first page
 * of its history, and in how much memory. Prints one line of JSON.
 *
 *     bun tests/bench/many-riffs.ts [riffs, 50000 when left out]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyOf, loadSession } from '../../server/session/load-session.ts';
import { EMPTY_SLOT, type Riff } from '../../server/session/riffs/riff.ts';
import { makeStoreWorker, StoreClient } from '../../server/session/store/client.ts';
import { openDatabase } from '../../server/session/store/database.ts';
import { databasePath } from '../../server/session/store/mend.ts';
import { write } from '../../server/session/store/write.ts';
import { Takes } from '../../server/session/takes/takes.ts';
import { makeRiff, makeTake, RUN_ID } from '../server/store/samples.ts';

const COUNT = Number(process.argv[2] ?? 50_000);
const SLOTS = 8;
const sessionId = 's1';
const BYTES_PER_MB = 1_048_576;

const rounded = (value: number): number => Math.round(value * 10) / 10;
const rssMb = (): number => {
  Bun.gc(true);
  return rounded(process.memoryUsage.rss() / BYTES_PER_MB);
};

const uuid = (seq: number): string => `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;

/** Each captures into the next slot; all others play on, so that every riff fills all slots. */
const riffOf = (seq: number): Riff => ({
  ...makeRiff(uuid(seq), seq === 0 ? null : uuid(seq - 1), seq),
  slots: Array.from({ length: SLOTS }, (_, slot) => {
    const newest = seq - ((seq - slot + SLOTS) % SLOTS);
    if (newest < 1) return EMPTY_SLOT;
    const loop = { takeId: uuid(newest), bars: 4, lengthBeats: 16, originBeat: 4, offsetFrames: 0 };
    return { ...EMPTY_SLOT, loop };
  }),
});

const fill = (folder: string): void => {
  const db = openDatabase(databasePath(folder));
  db.transaction(() => {
    write(db, { kind: 'firstSession', sessionId, name: 'Long', atMs: 1, openId: 'o' });
    const run = { runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 1, gridShift: 0 };
    write(db, { kind: 'beginRun', ...run });
    for (let seq = 0; seq < COUNT; seq += 1) {
      const takes = seq === 0 ? [] : [makeTake(uuid(seq))];
      const riff = riffOf(seq);
      write(db, { kind: 'riff', sessionId, riff, takes, gridShift: 0, moveId: `m${seq}` });
      if (seq === 0) continue;
      const sha256 = String(seq).padStart(64, '0');
      const file = { takeId: uuid(seq), part: 'window', sha256, bytes: 9, preFrames: 0 } as const;
      write(db, { kind: 'takeFile', file });
    }
  })();
  db.close();
};

const folder = mkdtempSync(join(tmpdir(), 'fz-riffs-'));
try {
  fill(folder);
  const databaseMb = rounded(statSync(databasePath(folder)).size / BYTES_PER_MB);
  const before = rssMb();
  const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
  const start = performance.now();
  const opened = await store.read({
    kind: 'open',
    dataFolder: folder,
    atMs: 2,
    newSessionName: '',
  });
  const openMs = performance.now() - start;
  const loaded = await loadSession(store, opened);
  const loadedMs = performance.now() - start;
  const history = historyOf(loaded, new Takes(folder), () => riffOf(0));
  const treeMs = performance.now() - start;
  const pageStart = performance.now();
  const page = history.page({ limit: 32 });
  const firstPageMs = performance.now() - pageStart;
  const after = rssMb();
  process.stdout.write(
    `${JSON.stringify({
      riffs: history.count,
      databaseMb,
      bytesPerRiff: Math.round((databaseMb * BYTES_PER_MB) / COUNT),
      openMs: rounded(openMs),
      loadMs: rounded(loadedMs - openMs),
      treeMs: rounded(treeMs - loadedMs),
      firstPageMs: rounded(firstPageMs),
      firstPageItems: page.items.length,
      memoryMb: rounded(after - before),
    })}\n`,
  );
  await store.end(3, 60_000);
} finally {
  rmSync(folder, { recursive: true });
}
