/** The engine process without its supervision: store, core, session and link, joined. */
import { exportsFolder, removeLeftovers } from '../session/export/folders.ts';
import type { LogFields } from '../telemetry/log.ts';
import { makeAudioLog } from './audio-log.ts';
import { startBlockBeat } from './block-beat.ts';
import { makeDiskLog } from './disk-log.ts';
import type { EngineOptions, Next } from './engine-options.ts';
import type { EngineStatus } from './flow-core.ts';
import { flushEngine } from './flush-engine.ts';
import { healthOf, makeSystemOf } from './health.ts';
import { startKeeper } from './keeper-watch.ts';
import { libraryPath } from './library-path.ts';
import { makeLostWatch } from './lost-watch.ts';
import { makeWayWatch } from './make-way.ts';
import { modeOf } from './make-session.ts';
import { openEngine } from './open-engine.ts';
import { makePluginLog } from './plugin-log.ts';
import { type PollLoop, startPollLoop } from './poll-loop.ts';

export interface Engine {
  /** Where session and sound stand; for the log. */
  about(): LogFields;
  /**
   * Writes what is owed: for at most 2 s each for audio and store, and as long as the disk takes more of
   * it; the ring goes when nothing is.
   *
   * @param next Whether another engine follows, and what it does with the ring.
   */
  end(next: Next): Promise<void>;
}

const END_RECORDINGS_MS = 200;
/** A slow disk does not hold `ready` up for longer. */
const RESTORE_MS = 1000;

const clearExports = ({ config, log }: EngineOptions): void => {
  removeLeftovers(exportsFolder(config.dataFolder)).catch((error: unknown) =>
    log('warn', 'what is left of an export could not be removed', { error: String(error) }),
  );
};

export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { config, log } = options;
  let loop: PollLoop | null = null;
  const opened = await openEngine(options, () => loop?.hurry());
  const { commits, link, made, master, plugins, started, store, writeTimes } = opened;
  const { core } = started;
  const { epoch, grid, session } = made;
  clearExports(options);
  session.start();
  const keeper = startKeeper(config.dataFolder, log, (news) => session.onKept(news));
  const about = { mode: modeOf(config).mode, epoch, device: started.device.kind };
  const systemOf = makeSystemOf(() => core.now());
  let status: EngineStatus = core.status();
  const audioLog = makeAudioLog(log);
  const diskLog = makeDiskLog(log);
  const pluginLog = makePluginLog(log);
  const poll = () => pluginLog.reading(audioLog.reading(diskLog.reading(core.poll())));
  const watchLost = makeLostWatch(session.alerts, log);
  const watchWay = makeWayWatch({ started, session, store, onSafe: options.onMakeWay });
  let isReady = false;
  let isRisky = true;
  const sendHealth = () => {
    status = core.status();
    const times = {
      commitDurable: commits.histogram.figures,
      sessionSync: writeTimes.figures,
    };
    const health = healthOf(status, { ...about, keeper: keeper.report, times });
    link.send({ t: 'health', health });
  };
  /** Ready = blocks are counted, the last session is back, and the gateway knows of it. */
  const watchStart = () => {
    if (!link.isUp || core.status().blocks === 0) return;
    if (!session.isRestored && core.now() < RESTORE_MS) return;
    isReady = true;
    sendHealth();
    options.onReady();
    plugins.begin((news) => session.onPlugins(news));
  };
  loop = startPollLoop({
    poll() {
      if (isRisky && session.isRestored) {
        isRisky = false;
        options.risk.over();
      }
      if (!isReady) watchStart();
      return poll();
    },
    features: () => core.features(),
    onTurn: () => master.turn(),
    now: () => core.now(),
    onEvents(events) {
      commits.onEvents(events);
      session.onEvents(events);
    },
    onFeatures(frame) {
      grid.onFeatures(frame);
      link.sendBinary(frame);
    },
    onHealth: sendHealth,
    onSecond() {
      watchLost(status);
      diskLog.onStatus(status);
      session.tick(systemOf(status), status.isPlaying !== 0);
      if (isReady) watchWay(status);
    },
    onError: (error) => log('error', 'poll loop', { error: String(error) }),
  });
  const beat = startBlockBeat(libraryPath(), core.handle, config.runFolder);

  return {
    about() {
      const { revisionId, sessionId } = session.state.meta;
      return { session: sessionId, rev: revisionId, frame: status.frame };
    },
    async end(next) {
      // What a slot still records is cut here and kept; a dead device would never answer.
      await Promise.race([session.endRecordings(), Bun.sleep(END_RECORDINGS_MS)]);
      loop?.stop();
      await beat.end();
      keeper.end();
      await plugins.end();
      await flushEngine(opened, poll, options, next);
      link.close();
    },
  };
};
