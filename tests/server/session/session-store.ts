/** Rigs on a real store: what one wrote, another one finds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  historyOf,
  loadSession,
  restoreTakes,
  rootRiff,
} from '../../../server/session/load-session.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { read } from '../../../server/session/store/read.ts';
import { insertSession } from '../../../server/session/store/sessions.ts';
import { write } from '../../../server/session/store/write.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { Rig, type RigOptions } from './rig.ts';

/** Of every rig. */
const RUN_ID = 'f'.repeat(32);
export const FIRST = 'session';

export const makeStore = () => {
  const folder = mkdtempSync(join(tmpdir(), 'fz-sessions-'));
  const db = openDatabase(join(folder, 'flowzone.db'));
  insertSession(db, { id: FIRST, name: 'Session' }, 1);
  write(db, {
    kind: 'beginRun',
    runId: RUN_ID,
    sessionId: FIRST,
    rateHz: 48_000,
    atMs: 1,
    gridShift: 0,
  });

  const makeRig = (options: RigOptions = {}): Rig => {
    let written = 0;
    const store = () => {
      const fresh: StoreWrite[] = rig.writes.slice(written);
      written = rig.writes.length;
      for (const each of fresh) write(db, each);
    };
    const rig: Rig = new Rig({
      read: (request) => {
        store();
        return Promise.resolve(read(db, request as never) as never);
      },
      ...options,
    });
    return rig;
  };

  /** A rig in the first session, whose root is stored. */
  const begun = (): Rig => {
    const rig = makeRig();
    const riff = { ...rootRiff('', 0, 120), ...rig.history.root };
    const root = { kind: 'riff', sessionId: FIRST, riff, takes: [], gridShift: 0 } as const;
    write(db, { ...root, moveId: crypto.randomUUID() });
    return rig;
  };

  /** The session that an engine started now would go on with. */
  const last = () =>
    openSession(db, { kind: 'open', dataFolder: folder, atMs: 9, newSessionName: 'New' });

  return {
    db,
    begun,
    makeRig,
    last,
    /** What it would take over, as options of a rig. */
    async left() {
      const reader = {
        read: (request: never) => Promise.resolve(read(db, request) as never),
      };
      const from = await loadSession(reader as never, last());
      const takes = new Takes('/data');
      restoreTakes(from, takes);
      const history = historyOf(from, takes, () => {
        throw new Error('no root');
      });
      return { history, takes, storedPlugins: from.plugins };
    },
    end() {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
};
