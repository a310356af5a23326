/** What the store tells of the runs whose sound may be asked for. */
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wavHeader } from '../../../server/wav-header.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { readPast } from '../../../server/session/store/past.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { write } from '../../../server/session/store/write.ts';
import { RUN_ID } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-past-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the silence of a declared gap is on disk, and is not called kept', () => {
  const db = openDatabase(join(folder, 'a.db'));
  const opening = { dataFolder: folder, atMs: 5, newSessionName: 'S', isFresh: false } as const;
  const { sessionId } = openSession(db, { kind: 'open', ...opening });
  write(db, { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 });
  const spool = join(folder, 'spool');
  mkdirSync(join(spool, RUN_ID), { recursive: true });
  const bytes = Buffer.alloc(58 + 8 * 1000);
  bytes.set(wavHeader(1000, 48_000, 2));
  writeFileSync(join(spool, RUN_ID, 'seg-000000000000.wav'), bytes);
  const kept = () => readPast(db, spool).map((run) => run.kept);
  expect(kept()).toEqual([[{ fromFrame: 0, toFrame: 1000 }]]);
  for (const [fromFrame, toFrame] of [
    [300, 500],
    [400, 550],
    [990, 2000],
  ] as const) {
    write(db, { kind: 'gap', runId: RUN_ID, fromFrame, toFrame, reason: 0 });
  }
  expect(kept()).toEqual([
    [
      { fromFrame: 0, toFrame: 300 },
      { fromFrame: 550, toFrame: 990 },
    ],
  ]);
});
