/**
 * The store, and what goes wrong with it: to the log at once, to the player as soon as there is a
 * session that can say so.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '../../protocol/errors.ts';
import type { FlowZoneConfig } from '../config.ts';
import type { Alerts } from '../session/state/alerts.ts';
import { makeStoreWorker, StoreClient } from '../session/store/client.ts';
import type { StoreRead } from '../session/store/port.ts';
import { readWaiting } from '../session/store/read-waiting.ts';
import type { Replayed } from '../session/store/replay-waiting.ts';
import type { MendedStore, OpenedStore } from '../session/store/stored.ts';
import { type WaitingPlaces, WaitingWrites } from '../session/store/waiting-writes.ts';
import type { StoreWrite } from '../session/store/write-requests.ts';
import { Histogram } from '../telemetry/histogram.ts';
import type { Log } from '../telemetry/log.ts';

type Opening = Extract<StoreRead, { kind: 'open' }>;

const SHARED_MEMORY = '/dev/shm';

type Told = Pick<Alerts, 'begin' | 'lower' | 'notice'>;

/** Below it a database with two connections can be damaged when the log is reset; fixed there. */
const SOUND_SQLITE = [3, 51, 3] as const;

export const isSoundSqlite = (version: string): boolean => {
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of SOUND_SQLITE.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
};

const watchOpened = (opened: OpenedStore, log: Log): void => {
  if (!isSoundSqlite(opened.sqliteVersion)) {
    log('warn', 'this SQLite is older than 3.51.3', { version: opened.sqliteVersion });
  }
  if (opened.isReadOnly) log('warn', 'a newer FlowZone wrote the session file', {});
};

const mendedCode = ({ backupAtMs, missingCount, rotten }: MendedStore): number =>
  backupAtMs === null || missingCount > 0 || rotten
    ? ERRORS.ERR_STORE_LOSSES.code
    : ERRORS.ERR_STORE_MENDED.code;

const mendedEvent = ({ asidePath, missingCount, replayedCount }: MendedStore): string =>
  asidePath === null && missingCount + replayedCount === 0
    ? 'texts in the session file are rotten, and nobody has them whole'
    : 'the session file was put together again';

/** Beside the ring, in memory that is gone with the computer's power alone; and in the second folder. */
export const waitingPlaces = ({
  ringName,
  secondFolder,
}: Pick<FlowZoneConfig, 'ringName' | 'secondFolder'>): WaitingPlaces => {
  const shared = existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
  const name = `${ringName.slice(1)}-writes`;
  return {
    near: ringName === '' ? null : join(shared, name),
    far: ringName === '' || secondFolder === null ? null : join(secondFolder, name),
  };
};

const tellLeft = ({ owed, refused }: Replayed, count: number, log: Log): void => {
  if (count === 0) return;
  const level = refused.length > 0 ? 'error' : 'info';
  log(level, 'what an engine before this one left to be written', {
    count,
    refused: refused.length,
    later: owed.length,
  });
};

export const startStore = (log: Log, places: WaitingPlaces) => {
  let told: Told | null = null;
  let isFailed = false;
  const lasting = new Set<number>();
  const begin = (code: number) => {
    lasting.add(code);
    told?.begin(code);
  };
  const { code: failed } = ERRORS.ERR_STORE_FAILED;
  const writeTimes = new Histogram();
  const waiting = new WaitingWrites({
    places,
    onTrouble: (why) => log('warn', 'what waits to be written could not be noted', { why }),
  });
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onWritten: (ms) => writeTimes.observe(ms / 1000),
    onFailure(isOn, why) {
      log(isOn ? 'error' : 'info', isOn ? 'store failed' : 'store works again', { why });
      isFailed = isOn;
      if (isOn) told?.notice(failed);
      else told?.lower(failed);
    },
    waiting,
    onTrouble: (why) => log('warn', 'a file could not be tidied up', { why }),
    onMended(mended) {
      log('error', mendedEvent(mended), { ...mended });
      begin(mendedCode(mended));
    },
  });
  return {
    store,
    writeTimes,
    note: (write: StoreWrite) => waiting.note(write, true),
    /** Before anything else is asked of it: what an engine before this one left is done first, where it fits. */
    async open(request: Omit<Opening, 'kind' | 'left'>) {
      const { lines, pressedIn } = readWaiting(places);
      const opened = await store.read({ kind: 'open', left: lines, ...request });
      tellLeft(opened.left, lines.length, log);
      watchOpened(opened, log);
      /** When all is read that a start has to read: a write that a full disk refuses holds up what is behind it. */
      const writeLeft = () => {
        for (const write of opened.left.owed) store.write(write);
        waiting.begin();
      };
      return { opened, pressedIn, writeLeft };
    },
    /** After the store has ended. */
    close: () => waiting.close(),
    /** From now on the player hears of it, and of what is so already. */
    tell(alerts: Told, { isReadOnly }: OpenedStore): void {
      told = alerts;
      if (isFailed) alerts.notice(failed);
      if (isReadOnly) lasting.add(ERRORS.ERR_STORE_NEWER.code);
      for (const code of lasting) alerts.begin(code);
    },
  };
};
