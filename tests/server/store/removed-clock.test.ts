/** A session that is removed while the wall clock is wrong can be had back for its month all the same. */
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSessions } from '../../../server/session/store/sessions.ts';
import { trashFiles } from '../../../server/session/store/trash-files.ts';
import { sweepTrash } from '../../../server/session/store/trash.ts';
import { TRASH_MS } from '../../../server/session/store/trash-time.ts';
import { write } from '../../../server/session/store/write.ts';
import { SpoolRig } from './retention-rig.ts';

const DAY_MS = 86_400_000;
/** A battery that is empty. */
const EMPTY_MS = 1000;
const NOW_MS = Date.UTC(2026, 10, 27);
let rig: SpoolRig;
let sha256: string;

beforeEach(() => {
  rig = new SpoolRig();
  mkdirSync(join(rig.folder, 'audio'));
  const takeId = rig.take(rig.runId, 0, 60);
  rig.file(takeId, 'window');
  sha256 = `${takeId}window`;
  writeFileSync(join(rig.folder, 'audio', `${sha256}.wav`), 'sound');
  // It was used the day before.
  const opening = { gridShift: 0, atMs: NOW_MS - DAY_MS, openId: 'o1' };
  write(rig.db, { kind: 'openSession', sessionId: 's', ...opening });
});
afterEach(() => rig.end());

/** By a clock that is believed. */
const sweep = (nowMs: number) =>
  sweepTrash(rig.db, trashFiles(rig.folder), { nowMs, mayEmpty: true });
const listed = (nowMs: number) =>
  listSessions(rig.db, { limit: 9, removed: true, nowMs }).map(({ id }) => id);
const isInTrash = () => existsSync(join(rig.folder, 'trash', `${sha256}.wav`));

test.each([
  ['an empty battery', EMPTY_MS],
  ['the right time', NOW_MS],
])('by a clock of %s', (_, removedMs) => {
  write(rig.db, { kind: 'removeSession', sessionId: 's', atMs: removedMs });
  sweepTrash(rig.db, trashFiles(rig.folder), { nowMs: removedMs, mayEmpty: false });
  // The clock is set right, and has gone for a day.
  sweep(NOW_MS + DAY_MS);
  expect([isInTrash(), listed(NOW_MS + DAY_MS)]).toEqual([true, ['s']]);
  sweep(NOW_MS + TRASH_MS - DAY_MS - 1);
  expect(isInTrash()).toBeTrue();
  // Negative control: a month later it is gone.
  sweep(NOW_MS + TRASH_MS + DAY_MS);
  expect([isInTrash(), listed(NOW_MS + TRASH_MS + DAY_MS)]).toEqual([false, []]);
});
