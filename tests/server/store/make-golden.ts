/**
 * Prints the session file that this build makes, as SQL: what a build of the next version must open.
 *
 * To be run before the schema is changed, into `golden/version-N.sql`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../server/session/store/database.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { write } from '../../../server/session/store/write.ts';
import { makePlugin, makeRiff, makeTake, RUN_ID } from './samples.ts';

const sessionId = 's1';
const file = {
  takeId: 't1',
  part: 'window',
  sha256: 'ab'.repeat(32),
  bytes: 9,
  preFrames: 0,
} as const;
const layer = { originBeat: 0, lengthBeats: 16, offsetFrames: 0, gainLeft: 1, gainRight: 1 };
const recipe = {
  kind: 'merge',
  lengthBeats: 16,
  framesPerBeat: 24_000,
  layers: [{ ...layer, takeId: 't1', mode: 'repitch', tail: false }],
} as const;
const sound = { soundId: 'x', rateHz: 48_000, version: '1', sha256: 'cd'.repeat(32), bytes: 99 };
const common = { sessionId, gridShift: 7 };

/** One of everything a session of any version holds. */
const WRITES: readonly StoreWrite[] = [
  {
    kind: 'beginRun',
    runId: RUN_ID,
    sessionId,
    rateHz: 48_000,
    atMs: 6,
    gridShift: 0,
    listedFrom: 3,
  },
  { kind: 'riff', ...common, riff: makeRiff('root', null, 0), takes: [], moveId: 'm0' },
  {
    kind: 'riff',
    ...common,
    riff: { ...makeRiff('a', 'root', 1, { 2: 't1' }), barFrac: 0.25 },
    takes: [makeTake('t1')],
    moveId: 'm1',
  },
  {
    kind: 'riff',
    ...common,
    riff: makeRiff('b', 'a', 2, { 0: 't2' }),
    takes: [{ ...makeTake('t2'), recipe }],
    moveId: 'm2',
  },
  { kind: 'head', ...common, from: 'b', to: 'a', cause: 'UNDO', atMs: 9, moveId: 'm3' },
  { kind: 'takeFile', file },
  { kind: 'takeTainted', takeId: 't1' },
  { kind: 'segment', runId: RUN_ID, firstFrame: 0, toFrame: 100, crc: 7 },
  { kind: 'gap', runId: RUN_ID, fromFrame: 5, toFrame: 9, reason: 1 },
  { kind: 'cache', sound },
  { kind: 'hurt', runId: RUN_ID, hurt: { source: 1, fromFrame: 2, toFrame: 4 } },
  { kind: 'plugin', sessionId, plugin: makePlugin('p0') },
  { kind: 'pluginState', instanceId: 'p0', sha256: 'ef'.repeat(32), atMs: 9 },
  { kind: 'settled', takeId: 't2' },
  { kind: 'mark', sessionId, riffId: 'a', label: 'Chorus' },
  { kind: 'dry', sessionId, takeId: 't1', take: makeTake('d0'), notes: [] },
];

const folder = mkdtempSync(join(tmpdir(), 'fz-golden-'));
try {
  const path = join(folder, 'flowzone.db');
  const db = openDatabase(path);
  db.run(`INSERT INTO session (id, name, created_ms) VALUES ('${sessionId}', 'Old', 5)`);
  for (const each of WRITES) write(db, each);
  const { user_version: version } = db.query('PRAGMA user_version').get() as {
    user_version: number;
  };
  db.close();
  const dump = Bun.spawnSync(['sqlite3', path, '.dump']).stdout.toString();
  process.stdout.write(`${dump}PRAGMA user_version = ${version};\n`);
} finally {
  rmSync(folder, { recursive: true });
}
