/** The keeper's thread, and where its news go: the log, the session, the figures of `/api/health`. */
import type { KeeperNews, KeeperReport } from '../session/keeper/keeper-port.ts';
import type { Log } from '../telemetry/log.ts';

export interface KeeperWatch {
  /** Null before its first report. */
  readonly report: KeeperReport | null;
  end(): void;
}

const KEEPER = new URL('../session/keeper/keeper-worker.ts', import.meta.url);

/** @param damaged Takes of which it was told; kept up here. */
const logged = (news: KeeperNews, log: Log, damaged: Set<string>): void => {
  if (news.t === 'failed') log('warn', `keeper: no ${news.what}`, { why: news.why });
  if (news.t === 'file' && !news.isWhole) {
    log('error', 'the session file is not what was written', { why: news.why });
  }
  if (news.t === 'take') {
    const { isDamaged, takeId } = news;
    if (isDamaged === damaged.has(takeId)) return;
    if (isDamaged) damaged.add(takeId);
    else damaged.delete(takeId);
    log(isDamaged ? 'error' : 'info', isDamaged ? 'a take is damaged' : 'a take is whole again', {
      takeId,
    });
  }
  if (news.t === 'found') log('warn', 'sounds of no session were found', { files: news.files });
  if (news.t === 'torn') log('warn', 'torn files of no session', { sha256s: news.sha256s });
};

/** A thread that dies at once is not begun again faster than this. */
const RESTART_MS = 60_000;

export interface KeeperParts {
  /** The thread; tests put in one that dies. */
  readonly url?: URL | string;
  later?(ms: number, act: () => void): void;
}

/**
 * Begun again when it dies, until it is ended.
 *
 * @param onNews Told on the main thread; what it throws is logged.
 */
export const startKeeper = (
  dataFolder: string,
  log: Log,
  onNews: (news: KeeperNews) => void,
  { later = (ms, act) => void setTimeout(act, ms), url = KEEPER }: KeeperParts = {},
): KeeperWatch => {
  let report: KeeperReport | null = null;
  let worker: Worker | null = null;
  let isEnded = false;
  const damaged = new Set<string>();
  const hear = (news: KeeperNews) => {
    if (news.t === 'report') ({ report } = news);
    logged(news, log, damaged);
    try {
      onNews(news);
    } catch (error) {
      log('error', 'keeper', { error: String(error) });
    }
  };
  /** Nothing that plays or is written depends on it. */
  const onDeath = (dead: Worker, why: string) => {
    if (dead !== worker || isEnded) return;
    worker = null;
    dead.terminate();
    hear({ t: 'failed', what: 'thread', why });
    later(RESTART_MS, begin);
  };
  const begin = () => {
    if (isEnded) return;
    const mine = new Worker(url);
    worker = mine;
    mine.addEventListener('message', ({ data }: MessageEvent<KeeperNews>) => hear(data));
    mine.addEventListener('error', ({ message }) => onDeath(mine, message));
    mine.addEventListener('close', () => onDeath(mine, 'it ended'));
    mine.postMessage({ dataFolder }, []);
  };
  begin();
  return {
    get report() {
      return report;
    },
    end() {
      isEnded = true;
      worker?.terminate();
    },
  };
};
