/** Files that are nobody's go after a month; those of takes never, however long ago they were cancelled. */
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trashFiles } from '../../../server/session/store/trash-files.ts';
import { noteTorn, sweepTrash } from '../../../server/session/store/trash.ts';
import { write } from '../../../server/session/store/write.ts';
import { SpoolRig } from './retention-rig.ts';

const DAY_MS = 86_400_000;
let rig: SpoolRig;

beforeEach(() => {
  rig = new SpoolRig();
  mkdirSync(join(rig.folder, 'audio'));
});
afterEach(() => rig.end());

const isIn = (folder: 'audio' | 'trash', name: string) =>
  existsSync(join(rig.folder, folder, `${name}.wav`));
const put = (folder: 'audio' | 'trash', name: string) =>
  writeFileSync(join(rig.folder, folder, `${name}.wav`), 'sound');
const sweep = (mayEmpty = true) =>
  sweepTrash(rig.db, trashFiles(rig.folder), { nowMs: rig.nowMs, mayEmpty });

/** Whole, with both its files, and in no riff. */
const cancelled = (): string[] => {
  const takeId = rig.take(rig.runId, 0, 60, { loose: true });
  return (['window', 'rolls'] as const).map((part) => {
    rig.file(takeId, part);
    put('audio', `${takeId}${part}`);
    return `${takeId}${part}`;
  });
};

test('the files of a cancelled capture stay, whatever is told of them and however long it is', () => {
  const names = cancelled();
  for (let month = 0; month < 24; month += 1) {
    noteTorn(rig.db, names, rig.nowMs);
    sweep();
    rig.nowMs += 31 * DAY_MS;
  }
  expect(names.map((name) => isIn('audio', name))).toEqual([true, true]);
});

test('what an older FlowZone has put into the trash of a take comes back', () => {
  const [name = ''] = cancelled();
  trashFiles(rig.folder).drop(name);
  rig.db.query('INSERT INTO trash (sha256, since_ms) VALUES (?, ?)').run(name, rig.nowMs);
  rig.nowMs += 400 * DAY_MS;
  sweep();
  expect([isIn('audio', name), isIn('trash', name)]).toEqual([true, false]);
});

test('what is nobody’s goes into the trash, and out of it after thirty days', () => {
  put('audio', 'torn');
  noteTorn(rig.db, ['torn'], rig.nowMs);
  sweep();
  expect([isIn('audio', 'torn'), isIn('trash', 'torn')]).toEqual([false, true]);
  rig.nowMs += 30 * DAY_MS - 1;
  sweep();
  expect(isIn('trash', 'torn')).toBeTrue();
  rig.nowMs += 1;
  sweep();
  expect(isIn('trash', 'torn')).toBeFalse();
  expect(rig.db.query('SELECT count(*) AS n FROM trash').get()).toEqual({ n: 0 });
});

test('what a take has come to name in the meantime goes back', () => {
  put('audio', 'late');
  noteTorn(rig.db, ['late'], rig.nowMs);
  sweep();
  const takeId = rig.take(rig.runId, 0, 60);
  const file = { takeId, part: 'window', sha256: 'late', bytes: 5, preFrames: 0 } as const;
  write(rig.db, { kind: 'takeFile', file });
  rig.nowMs += 40 * DAY_MS;
  sweep();
  expect([isIn('audio', 'late'), isIn('trash', 'late')]).toEqual([true, false]);
});

test('a file that refuses stays, is told, and holds up no other one', () => {
  mkdirSync(join(rig.folder, 'audio', 'bad.wav'));
  put('audio', 'torn');
  noteTorn(rig.db, ['bad', 'torn'], rig.nowMs);
  const told: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    sweepTrash(rig.db, trashFiles(rig.folder), {
      nowMs: rig.nowMs,
      mayEmpty: true,
      onTrouble: (why) => told.push(why),
    });
  }
  expect(told).toEqual([expect.stringContaining('bad.wav'), expect.stringContaining('bad.wav')]);
  expect([isIn('audio', 'bad'), isIn('trash', 'torn')]).toEqual([true, true]);
});

test('a clock that may be wrong takes nothing out of the trash', () => {
  put('audio', 'torn');
  noteTorn(rig.db, ['torn'], rig.nowMs);
  rig.nowMs += 400 * DAY_MS;
  sweep(false);
  sweep(false);
  expect([isIn('audio', 'torn'), isIn('trash', 'torn')]).toEqual([false, true]);
  sweep();
  expect(isIn('trash', 'torn')).toBeFalse();
});
