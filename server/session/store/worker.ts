/**
 * The one bun:sqlite connection, off the main thread.
 *
 * Does one request after the other in the order they were posted and answers each. A write is
 * answered when it is committed, which with `synchronous=FULL` means that it survives a power cut.
 */
import type { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ballast } from '../../ballast.ts';
import { wallClock } from '../../clock.ts';
import { makeFolder } from '../../make-folder.ts';
import { forget } from '../retention/forget.ts';
import { type SpoolQuestion, type SpoolUse, spoolUse } from '../retention/sweep.ts';
import { lateSound } from '../retention/late-sound.ts';
import { unfiledTakes } from '../retention/unfiled.ts';
import { backUpAtExit } from './backup.ts';
import { flushCommits, isDamage, isOfNewerVersion } from './database.ts';
import { missingRuns } from './found-runs.ts';
import { missingGaps } from './index-gaps.ts';
import { Journal } from './journal.ts';
import { asRefusal, type OpenedFile, openFile } from './open-file.ts';
import {
  isRead,
  type StoreAnswer,
  type StoreQuestion,
  type StoreRead,
  type StoreRequest,
} from './port.ts';
import type { MendedStore, OpenedStore } from './stored.ts';
import type { CommittedWrite, StoreWrite } from './write-requests.ts';
import { readPast } from './past.ts';
import { keepRefused } from './read-waiting.ts';
import { replayWaiting } from './replay-waiting.ts';
import { read } from './read.ts';
import { openSession } from './open.ts';
import { earlierState } from './plugins.ts';
import { ReplacedStates, sweepStates, takeBackNamed, takeBackStates } from './states.ts';
import { trashFiles } from './trash-files.ts';
import { sweepTrash } from './trash.ts';
import { isRefusal, write } from './write.ts';

declare const self: Worker;

interface Open {
  readonly db: Database;
  readonly isAlone: boolean;
  /** A row fitted into it. */
  hasWritten: boolean;
  readonly dataFolder: string;
  readonly journal: Journal;
  readonly ballast: Ballast;
  /** When what had lain in the trash for its month was last removed. */
  emptiedMs: number;
  readonly replaced: ReplacedStates;
}

let store: Open | null = null;
/** Since the last answer. */
let troubles: string[] = [];
let owed: CommittedWrite[] = [];
let mendedLate: MendedStore | null = null;

const FOLDERS = ['audio', 'spool', 'logs', 'states'];

const commit = ({ ballast, db, journal }: Open, request: StoreWrite): void => {
  const seq = ballast.letting(() => write(db, request));
  tidy(() => flushCommits(db));
  try {
    journal.add(seq, request);
  } catch {
    // It is committed; the journal itself owes it too, and the next backup holds it.
    owed.push({ seq, write: request });
  }
};

const onTrouble = (why: string) => void troubles.push(why);

/** What was committed stays so, and is not asked again, whatever becomes of files that nobody needs. */
const tidy = (sweep: () => void): void => {
  try {
    sweep();
  } catch (error) {
    if (store && isDamage(error)) throw error;
    onTrouble(String(error));
  }
};

const tidyTrash = (db: Database, dataFolder: string, nowMs: number, mayEmpty = false): void =>
  tidy(() => sweepTrash(db, trashFiles(dataFolder), { nowMs, mayEmpty, onTrouble }));

const tidyStates = (
  { dataFolder, db, replaced }: Open,
  { atMs, sha256 }: Extract<StoreWrite, { kind: 'pluginState' }>,
): void =>
  tidy(() => {
    takeBackStates(dataFolder, [sha256], { onTrouble });
    replaced.remove(db, dataFolder, { nowMs: atMs, onTrouble });
  });

const EMPTYING_MS = 3_600_000;

/** For good goes what is old by a clock that is believed, also on a disk short of room; once an hour. */
const emptyTrash = (opened: Open, { isClockTrusted, nowMs }: SpoolQuestion) => {
  const isDue = Math.abs(nowMs - opened.emptiedMs) >= EMPTYING_MS;
  if (!isDue || !isClockTrusted || isOfNewerVersion(opened.db)) return;
  opened.emptiedMs = nowMs;
  tidyTrash(opened.db, opened.dataFolder, nowMs, true);
  tidy(() => sweepStates(opened.db, opened.dataFolder, { nowMs, onTrouble }));
};

/** Of runs and gaps that only the files know. */
const writeMissing = (opened: Open, sessionId: string, isMended: boolean): void => {
  const spool = join(opened.dataFolder, 'spool');
  const runs = missingRuns(opened.db, spool, sessionId);
  for (const row of runs) commit(opened, row);
  const isAll = isMended || runs.length > 0;
  for (const gap of missingGaps(opened.db, spool, isAll)) commit(opened, gap);
};

type Opening = Extract<StoreRead, { kind: 'open' }>;

const whereIsIt = (dataFolder: string): string =>
  `The data folder ${dataFolder} is not there any more. Nothing was made in its place: ` +
  'give it its name again, or plug its disk in, and start again.';

const openIn = (request: Opening): OpenedStore => {
  const { atMs, dataFolder } = request;
  if (!existsSync(dataFolder)) throw new Error(whereIsIt(dataFolder));
  const ballast = new Ballast(dataFolder);
  for (const folder of FOLDERS) {
    ballast.letting(() => makeFolder(join(dataFolder, folder)));
  }
  const file = openFile(dataFolder, atMs, ballast, request.owed);
  try {
    return begin(request, file, ballast);
  } catch (error) {
    // Alone it would keep the next one out, which may be this one's next try.
    file.db.close();
    throw error;
  }
};

const begin = (request: Opening, file: OpenedFile, ballast: Ballast): OpenedStore => {
  const { atMs, dataFolder } = request;
  const { db, isAlone, mended } = file;
  if (!isOfNewerVersion(db)) {
    tidyTrash(db, dataFolder, atMs);
    tidy(() => takeBackNamed(db, dataFolder, { onTrouble }));
  }
  const journal = new Journal(dataFolder);
  const opened: Open = {
    db,
    isAlone,
    hasWritten: false,
    dataFolder,
    journal,
    ballast,
    emptiedMs: 0,
    replaced: new ReplacedStates(),
  };
  const { version } = db.query('SELECT sqlite_version() AS version').get() as { version: string };
  const isNewer = isOfNewerVersion(db);
  const spool = join(dataFolder, 'spool');
  const left = replayWaiting(db, isNewer ? [] : (request.left ?? []), {
    commit: (asked) => commit(opened, asked),
    hasSound: (take) => lateSound(db, spool, take) === 'there',
  });
  tidy(() => keepRefused(dataFolder, left.refused));
  const session = openSession(db, request, (made) => commit(opened, made));
  // Behind that: to an engine that takes the run up they are still to be told.
  if (!isNewer) {
    tidy(() => writeMissing(opened, session.sessionId, mended !== null));
  }
  ballast.lay();
  store = opened;
  return { sqliteVersion: version, isReadOnly: isNewer, mended, left, ...session };
};

const open = (request: Opening): OpenedStore => {
  store?.db.close();
  store = null;
  try {
    return openIn(request);
  } catch (error) {
    throw asRefusal(request.dataFolder, error);
  }
};

/**
 * Where rows fit there may be room for more: others may read it, too. Where there is none it is as it was,
 * and has been opened and checked in vain. Throws when it cannot be opened any more.
 */
const share = (opened: Open): void => {
  const { ballast, dataFolder, db } = opened;
  db.close();
  const { mended, ...file } = openFile(dataFolder, wallClock(), ballast);
  mendedLate ??= mended;
  store = { ...opened, ...file, hasWritten: false };
  ballast.lay();
};

/** Without room for a backup the journal and the last one have to do. */
const close = ({ db, dataFolder }: Open, atMs: number): null => {
  if (!isOfNewerVersion(db)) tidy(() => backUpAtExit(db, dataFolder, atMs));
  db.close();
  store = null;
  return null;
};

const useOfSpool = (opened: Open, spool: string, question: SpoolQuestion): SpoolUse => {
  emptyTrash(opened, question);
  return spoolUse(opened.db, spool, question);
};

const answer = (request: StoreRequest): unknown => {
  if (request.kind === 'open') return open(request);
  if (!store) throw new Error('the store is not open');
  if (request.kind === 'close') return close(store, request.atMs);
  const spool = join(store.dataFolder, 'spool');
  switch (request.kind) {
    case 'past':
      return readPast(store.db, spool);
    case 'spoolUse':
      // Asked for now and then: the disk may have room again.
      store.ballast.lay();
      return useOfSpool(store, spool, request);
    case 'forget':
      // One of a newer FlowZone is only read: what it needs is not known here.
      if (isOfNewerVersion(store.db)) return 0;
      return forget(store.db, request.segments, request);
    case 'unfiled':
      if (isOfNewerVersion(store.db)) return { takes: [], lastRow: null };
      return unfiledTakes(store.db, spool, request);
    case 'lateSound':
      return lateSound(store.db, spool, request.take);
  }
  if (isRead(request)) return read(store.db, request);
  // What is replaced by what replaces it.
  if (request.kind === 'pluginState')
    store.replaced.add(earlierState(store.db, request.instanceId));
  commit(store, request);
  switch (request.kind) {
    case 'pluginState':
      tidyStates(store, request);
      break;
    case 'torn':
    case 'removeSession':
    case 'restoreSession':
      tidyTrash(store.db, store.dataFolder, request.atMs);
  }
  return null;
};

self.addEventListener('message', ({ data }: MessageEvent<StoreQuestion>) => {
  const { seq, request } = data;
  let reply: StoreAnswer;
  try {
    const value = answer(request);
    reply = {
      seq,
      value,
      ...(troubles.length > 0 && { troubles }),
      ...(owed.length > 0 && { owed }),
      ...(mendedLate && { mended: mendedLate }),
    };
    owed = [];
    mendedLate = null;
  } catch (error) {
    // The worker that comes after this one puts the file together again.
    if (request.kind !== 'open' && isDamage(error)) throw error;
    const isOwn = error instanceof Error && error.name === 'Error';
    const says = isOwn ? error.message : String(error);
    reply = { seq, error: says, isPermanent: isRefusal(error) };
  }
  troubles = [];
  // Nothing is transferred: rows are small and copied.
  self.postMessage(reply, []);
  if (!store?.isAlone || 'error' in reply) return;
  if (!isRead(request)) store.hasWritten = true;
  // Asked for once a minute.
  else if (request.kind === 'spoolUse' && store.hasWritten) share(store);
});
