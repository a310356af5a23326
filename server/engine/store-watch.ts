/**
 * The store, and what goes wrong with it: to the log at once, to the player as soon as there is a
 * session that can say so.
 */
import { ERRORS } from '../../protocol/errors.ts';
import type { Alerts } from '../session/state/alerts.ts';
import { makeStoreWorker, StoreClient } from '../session/store/client.ts';
import type { MendedStore, OpenedStore } from '../session/store/stored.ts';
import { Histogram } from '../telemetry/histogram.ts';
import type { Log } from '../telemetry/log.ts';

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

export const watchOpened = (opened: OpenedStore, log: Log): void => {
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

export const startStore = (log: Log) => {
  let told: Told | null = null;
  let isFailed = false;
  const lasting = new Set<number>();
  const begin = (code: number) => {
    lasting.add(code);
    told?.begin(code);
  };
  const { code: failed } = ERRORS.ERR_STORE_FAILED;
  const writeTimes = new Histogram();
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onWritten: (ms) => writeTimes.observe(ms / 1000),
    onFailure(isOn, why) {
      log(isOn ? 'error' : 'info', isOn ? 'store failed' : 'store works again', { why });
      isFailed = isOn;
      if (isOn) told?.notice(failed);
      else told?.lower(failed);
    },
    onTrouble: (why) => log('warn', 'a file could not be tidied up', { why }),
    onMended(mended) {
      log('error', mendedEvent(mended), { ...mended });
      begin(mendedCode(mended));
    },
  });
  return {
    store,
    writeTimes,
    /** From now on the player hears of it, and of what is so already. */
    tell(alerts: Told, { isReadOnly }: OpenedStore): void {
      told = alerts;
      if (isFailed) alerts.notice(failed);
      if (isReadOnly) lasting.add(ERRORS.ERR_STORE_NEWER.code);
      for (const code of lasting) alerts.begin(code);
    },
  };
};
