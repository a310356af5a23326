/** The thread that looks for plug-ins, and where its news go: the log and the session. */
import type { FlowZoneConfig } from '../config.ts';
import type { ScanNews, ToScan } from '../plugins/scan-port.ts';
import type { PluginScans } from '../session/plugin-shelf.ts';
import type { Log } from '../telemetry/log.ts';
import { pluginHostPath } from './library-path.ts';

export interface PluginWatch extends PluginScans {
  /** Nothing is looked at before. */
  begin(onNews: (news: ScanNews) => void): void;
  /** What is being looked at is ended and not blamed; waits for that, but not long. */
  end(): Promise<void>;
}

const END_MS = 500;

const logged = (news: ScanNews, log: Log): void => {
  if (news.t === 'trouble') log('warn', `plug-ins: ${news.what}`, { why: news.why });
  if (news.t === 'bundle' && news.bundle.refusal) {
    const { path, refusal } = news.bundle;
    log('warn', 'a plug-in is not offered', { path, ...refusal });
  }
};

export const makePluginWatch = (config: FlowZoneConfig, log: Log): PluginWatch => {
  let worker: Worker | null = null;
  const ended = Promise.withResolvers<void>();
  /** What was asked for before there was a thread. */
  const early: ToScan[] = [];
  let hear: ((news: ScanNews) => void) | null = null;
  let isOver = false;
  const fail = () => hear?.({ t: 'rescan', state: 'failed', progress: 0, code: 0 });
  const tell = (message: ToScan) => {
    if (isOver) fail();
    else if (worker) worker.postMessage(message, []);
    else early.push(message);
  };
  return {
    begin(onNews) {
      hear = onNews;
      worker = new Worker(new URL('../plugins/scan-worker.ts', import.meta.url));
      worker.addEventListener('message', ({ data: news }: MessageEvent<ScanNews>) => {
        if (news.t === 'ended') ended.resolve();
        logged(news, log);
        try {
          onNews(news);
        } catch (error) {
          log('error', 'plug-ins', { error: String(error) });
        }
      });
      // Nothing that plays depends on it; the next engine has one again.
      worker.addEventListener('error', ({ message }) => {
        log('error', 'the look for plug-ins ended', { message });
        isOver = true;
        fail();
        ended.resolve();
      });
      tell({
        t: 'begin',
        dataFolder: config.dataFolder,
        folders: config.pluginFolders,
        hostPath: pluginHostPath(),
        isQuiet: config.safe !== null,
      });
      for (const message of early.splice(0)) tell(message);
    },
    rescan: () => tell({ t: 'rescan' }),
    cancel: () => tell({ t: 'cancel' }),
    async end() {
      if (!worker) return;
      worker.postMessage({ t: 'end' } satisfies ToScan, []);
      await Promise.race([ended.promise, Bun.sleep(END_MS)]);
      worker.terminate();
    },
  };
};
