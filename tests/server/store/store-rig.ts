/** Databases of their own, empty or with a take and the riff that holds it. */
import { join } from 'node:path';
import { openDatabase } from '../../../server/session/store/database.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { write } from '../../../server/session/store/write.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

export const folder = makeFolder();
let count = 0;
export const nextPath = () => join(folder, `${(count += 1)}.db`);

export const anyOpen = {
  kind: 'open',
  dataFolder: folder,
  atMs: 5,
  newSessionName: 'S',
} as const;

export const opened = (path = nextPath()) => {
  const db = openDatabase(path);
  const session = openSession(db, anyOpen);
  return { db, path, sessionId: session.sessionId, session };
};

/** Root, a take in slot 2 and the riff that holds it. */
export const filled = () => {
  const store = opened();
  const { db, sessionId } = store;
  write(db, { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 });
  const root = makeRiff('root', null, 0);
  const take = makeTake('t1');
  const riff = makeRiff('a', 'root', 1, { 2: 't1' });
  write(db, { kind: 'riff', sessionId, riff: root, takes: [], gridShift: 0, moveId: 'm0' });
  write(db, { kind: 'riff', sessionId, riff, takes: [take], gridShift: 7, moveId: 'm1' });
  write(db, {
    kind: 'takeFile',
    file: { takeId: 't1', part: 'window', sha256: 'ab', bytes: 99, preFrames: 0 },
  });
  write(db, { kind: 'gap', runId: RUN_ID, fromFrame: 5, toFrame: 9, reason: 1 });
  return { ...store, root, riff, take };
};
