/** The keeper's thread, and where its news go: the log, the session, the figures of `/api/health`. */
import type { KeeperNews, KeeperReport } from '../session/keeper/keeper-port.ts';
import type { Log } from '../telemetry/log.ts';

export interface KeeperWatch {
  /** Null before its first report. */
  readonly report: KeeperReport | null;
  end(): void;
}

const logged = (news: KeeperNews, log: Log): void => {
  if (news.t === 'failed') log('warn', `keeper: no ${news.what}`, { why: news.why });
  if (news.t === 'file' && !news.isWhole) {
    log('error', 'the session file is not what was written', { why: news.why });
  }
  if (news.t === 'take') {
    const { isDamaged, takeId } = news;
    log(isDamaged ? 'error' : 'info', isDamaged ? 'a take is damaged' : 'a take is whole again', {
      takeId,
    });
  }
  if (news.t === 'found') log('warn', 'sounds of no session were found', { files: news.files });
  if (news.t === 'torn') log('warn', 'torn files of no session', { sha256s: news.sha256s });
};

/** @param onNews Told on the main thread; what it throws is logged. */
export const startKeeper = (
  dataFolder: string,
  log: Log,
  onNews: (news: KeeperNews) => void,
): KeeperWatch => {
  let report: KeeperReport | null = null;
  const worker = new Worker(new URL('../session/keeper/keeper-worker.ts', import.meta.url));
  worker.addEventListener('message', ({ data: news }: MessageEvent<KeeperNews>) => {
    if (news.t === 'report') ({ report } = news);
    logged(news, log);
    try {
      onNews(news);
    } catch (error) {
      log('error', 'keeper', { error: String(error) });
    }
  });
  // Nothing that plays or is written depends on it; the next engine has one again.
  worker.addEventListener('error', ({ message }) => log('error', 'the keeper ended', { message }));
  worker.postMessage({ dataFolder }, []);
  return {
    get report() {
      return report;
    },
    end: () => worker.terminate(),
  };
};
