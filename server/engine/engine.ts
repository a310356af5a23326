/** The engine process without its supervision: store, core, session and link, joined. */
import { ERRORS } from '../../protocol/errors.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import { wallClock } from '../clock.ts';
import type { FlowZoneConfig } from '../config.ts';
import { connectLink, type LinkClient } from '../link/link-client.ts';
import { exportsFolder, removeLeftovers } from '../session/export/folders.ts';
import type { CoreEvent } from '../session/core/port.ts';
import { bpmOf } from '../session/state/initial-state.ts';
import { loadCached, loadSession } from '../session/load-session.ts';
import type { StoreClient } from '../session/store/client.ts';
import type { RiskNote } from '../supervise/risk.ts';
import type { Histogram } from '../telemetry/histogram.ts';
import type { Log, LogFields } from '../telemetry/log.ts';
import { logNotice } from '../telemetry/notice-log.ts';
import { makeAudioLog } from './audio-log.ts';
import { startBlockBeat } from './block-beat.ts';
import { CommitTimes } from './commit-times.ts';
import { isStandIn } from './device.ts';
import { makeDiskLog } from './disk-log.ts';
import { drain } from './drain.ts';
import type { EngineStatus, FlowCore } from './flow-core.ts';
import { healthOf, makeSystemOf } from './health.ts';
import { startKeeper } from './keeper-watch.ts';
import { libraryPath } from './library-path.ts';
import { makeLostWatch } from './lost-watch.ts';
import { makeWayWatch } from './make-way.ts';
import { makeSession, modeOf, newId } from './make-session.ts';
import { makePluginLog } from './plugin-log.ts';
import { makePluginWatch, type PluginWatch } from './plugin-watch.ts';
import { MasterSender } from './master-sender.ts';
import { type PollLoop, startPollLoop } from './poll-loop.ts';
import { type StartedCore, startCore } from './start-core.ts';
import { startStore, waitingPlaces } from './store-watch.ts';

export interface EngineOptions {
  readonly config: FlowZoneConfig;
  readonly log: Log;
  /** What may take the process down is noted here before it is begun. */
  readonly risk: Pick<RiskNote, 'begin' | 'over'>;
  /** The first blocks were rendered. */
  onReady(): void;
  /** At the end: the disk is still waited for. */
  onDraining(): void;
  /** The player wants the next engine to start as ever, now. */
  onLeaveSafeMode(): void;
  /** A stand-in is over: the next engine begins a run of its own with the device. */
  onMakeWay(): void;
}

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

/** `adopts`: the look-back goes on in the next engine; `afresh`: all is safe, it begins a run of its own. */
export type Next = 'none' | 'adopts' | 'afresh';

/** A device that gives no block for so long is reported by its lack of health, not waited for. */
const FIRST_BLOCK_MS = 500;
const END_RECORDINGS_MS = 200;
/** A slow disk does not hold `ready` up for longer. */
const RESTORE_MS = 1000;

interface Opened {
  readonly store: StoreClient;
  readonly started: StartedCore;
  readonly made: ReturnType<typeof makeSession>;
  readonly link: LinkClient;
  readonly plugins: PluginWatch;
  readonly commits: CommitTimes;
  readonly writeTimes: Histogram;
  /** After the store has ended: of what it did not write. */
  readonly closeNotes: () => void;
  readonly master: MasterSender;
}

/**
 * Throws FlowCoreError, or what the store says, when it cannot start.
 *
 * @param onCommand Hears of each command that has come.
 */
const openAll = async (
  { config, log, onLeaveSafeMode, risk }: EngineOptions,
  onCommand: () => void,
): Promise<Opened> => {
  const { close, note, open, store, tell, writeTimes } = startStore(log, waitingPlaces(config));
  const { opened, pressedIn } = await open({
    dataFolder: config.dataFolder,
    atMs: wallClock(),
    newSessionName: config.sessionName,
  });
  const loading = Promise.all([loadSession(store, opened), loadCached(store)]);
  const bpm = bpmOf(config.bpm, opened.mix);
  risk.begin(`the audio device (${config.device})`);
  const started = startCore({
    libraryPath: libraryPath(),
    config,
    bpm,
    openRunId: opened.openRunId,
    newRunId: () => newId().replaceAll('-', ''),
  });
  risk.begin(`the loops of ${opened.sessionName}`);
  const [loaded, cached] = await loading;
  await firstBlock(started.core);
  log('info', 'engine started', {
    device: started.device.kind,
    adopted: started.isAdopted,
    run: started.runId,
    riffs: loaded.riffs.length,
    sqlite: opened.sqliteVersion,
  });
  let link: LinkClient | null = null;
  let commits: CommitTimes | null = null;
  const plugins = makePluginWatch(config, log);
  const made = makeSession({
    config,
    store,
    loaded,
    cached,
    started,
    bpm,
    plugins,
    pressedIn,
    note,
    leaveSafeMode: onLeaveSafeMode,
    emit(message) {
      commits?.onMessage(message);
      if (message.t === 'notice') logNotice(log, message.message);
      link?.send(message);
    },
    onUnrestored: (code) => log('error', 'the session could not be restored', { code }),
    onBadCache: (path) => log('warn', 'a rendered loop was damaged and is made again', { path }),
    onError: (error) => log('error', 'session', { error: String(error) }),
  });
  const { epoch, session } = made;
  commits = new CommitTimes({
    rateHz: started.core.status().sampleRateHz,
    frame: () => started.core.status().frame,
    slots: () => session.state.slots,
  });
  tell(session.alerts, opened);
  if (started.makesWay) session.alerts.begin(ERRORS.ERR_RING_OTHER.code);
  else if (isStandIn(config, started.device)) session.alerts.begin(ERRORS.ERR_DEVICE_LOST.code);
  const master = new MasterSender({
    core: started.core,
    rateHz: started.core.status().sampleRateHz,
    now: () => started.core.now(),
    send: (piece) => link?.sendSound(piece),
  });
  link = connectLink({
    path: config.linkPath,
    hello: () => ({ t: 'hello', epoch, protocol: PROTOCOL_HASH, enginePid: process.pid }),
    full: () => session.full(),
    onMessage(message) {
      if (message.t === 'listen') {
        master.set(message.on);
        return;
      }
      session.onMessage(message);
      if (message.t === 'command') onCommand();
    },
    onDown() {
      master.set(false);
      session.onLinkDown();
    },
    onError: (error) => log('warn', 'link', { error: String(error) }),
  });
  return { store, started, made, link, plugins, commits, writeTimes, closeNotes: close, master };
};

/** Grid and transport of an adopted run are in the status from the first block on. */
const firstBlock = async (core: FlowCore): Promise<void> => {
  const deadline = core.now() + FIRST_BLOCK_MS;
  while (core.status().blocks === 0 && core.now() < deadline) await Bun.sleep(1);
};

const clearExports = ({ config, log }: EngineOptions): void => {
  removeLeftovers(exportsFolder(config.dataFolder)).catch((error: unknown) =>
    log('warn', 'what is left of an export could not be removed', { error: String(error) }),
  );
};

const tellLeft = (log: Log, end: 'kept' | 'keptInPart', seconds: number): void => {
  if (end === 'kept') {
    log('error', 'the disk has not taken all of the sound: what is left waits in memory', {
      seconds,
      safe: 'the next start writes it; a restart of the computer would lose it',
    });
    return;
  }
  log('error', 'the disk has not taken all of the sound, and a part of it is lost', {
    seconds,
    safe: 'what was saved, and what shared memory had room for: the next start writes that',
  });
};

/**
 * What is owed is written; what is not safe yet stays in the ring, and the next engine goes on with it.
 *
 * @param next `adopts`: it plays until its process is gone, so that the next one adopts all of it;
 *   `afresh`: all is known to be safe, and the next one begins a run of its own.
 */
const flush = async (
  { closeNotes, made, started, store }: Opened,
  poll: () => readonly CoreEvent[],
  { log, onDraining }: EngineOptions,
  next: Next,
) => {
  const hasNext = next === 'adopts';
  const { session } = made;
  const { core } = started;
  session.onEvents(poll());
  session.end();
  const onTurn = () => {
    onDraining();
    session.onEvents(poll());
  };
  const secondsLeft = hasNext ? 0 : await drain({ core, log, onTurn });
  session.onEvents(poll());
  await store.settle();
  const end = hasNext ? 'kept' : core.destroy();
  if (end === 'over' || next === 'afresh') {
    store.write({ kind: 'endRun', runId: started.runId, atMs: wallClock() });
  } else if (!hasNext) {
    tellLeft(log, end, secondsLeft);
  }
  const hasEnded = await store.end(wallClock());
  closeNotes();
  if (hasEnded) return;
  log('error', 'the store did not end in time', {
    waiting: store.waitingCount,
    safe: 'the next start writes it; a restart of the computer would lose it',
  });
};

export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { config, log } = options;
  let loop: PollLoop | null = null;
  const opened = await openAll(options, () => loop?.hurry());
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
      await flush(opened, poll, options, next);
      link.close();
    },
  };
};
