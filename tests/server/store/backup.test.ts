/** The copy at an exit is bounded, and one that was cut off takes nothing with it. */
import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUpAtExit, backupsIn, makeBackup } from '../../../server/session/store/backup.ts';
import { write } from '../../../server/session/store/write.ts';
import { SpoolRig } from './retention-rig.ts';

const HOUR_MS = 3_600_000;
let rig: SpoolRig;

beforeEach(() => {
  rig = new SpoolRig();
});
afterEach(() => rig.end());

const name = (text: string) => write(rig.db, { kind: 'sessionName', sessionId: 's', name: text });
const times = () => backupsIn(rig.folder).map(({ atMs }) => atMs);

test('at an exit one is made when something was written, and the file is not too large', () => {
  backUpAtExit(rig.db, rig.folder, HOUR_MS);
  backUpAtExit(rig.db, rig.folder, 2 * HOUR_MS);
  expect(times()).toEqual([HOUR_MS]);
  name('A');
  const { size } = statSync(rig.db.filename);
  backUpAtExit(rig.db, rig.folder, 3 * HOUR_MS, size - 1);
  expect(times()).toEqual([HOUR_MS]);
  backUpAtExit(rig.db, rig.folder, 4 * HOUR_MS, size);
  expect(times()).toEqual([4 * HOUR_MS, HOUR_MS]);
});

test('what one that was cut off left is no backup, and the next one is whole', () => {
  name('A');
  makeBackup(rig.db, rig.folder, HOUR_MS);
  const left = join(rig.folder, 'backup', 'tmp-backup.db');
  writeFileSync(left, 'SQLite format 3');
  writeFileSync(`${left}-journal`, Buffer.alloc(1024, 0xd9));
  expect(times()).toEqual([HOUR_MS]);
  name('B');
  makeBackup(rig.db, rig.folder, 2 * HOUR_MS);
  const names = backupsIn(rig.folder).map(({ path }) => {
    using db = new Database(path, { readonly: true });
    return db.query('SELECT name FROM session').get();
  });
  expect(names).toEqual([{ name: 'B' }, { name: 'A' }]);
});
