/** Store, core, session and link of an engine process, each begun when what it stands on is there. */
import { ERRORS } from '../../protocol/errors.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import { wallClock } from '../clock.ts';
import { connectLink, type LinkClient } from '../link/link-client.ts';
import { bpmOf } from '../session/state/initial-state.ts';
import { loadCached, loadSession } from '../session/load-session.ts';
import type { StoreClient } from '../session/store/client.ts';
import type { Histogram } from '../telemetry/histogram.ts';
import { logNotice } from '../telemetry/notice-log.ts';
import { CommitTimes } from './commit-times.ts';
import { isStandIn } from './device.ts';
import type { FlowCore } from './flow-core.ts';
import { libraryPath } from './library-path.ts';
import { makeSession, newId } from './make-session.ts';
import { makePluginWatch, type PluginWatch } from './plugin-watch.ts';
import { MasterSender } from './master-sender.ts';
import { type StartedCore, startCore } from './start-core.ts';
import { startStore, waitingPlaces } from './store-watch.ts';
import type { EngineOptions } from './engine-options.ts';

/** A device that gives no block for so long is reported by its lack of health, not waited for. */
const FIRST_BLOCK_MS = 500;
export interface OpenedEngine {
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
export const openEngine = async (
  { config, log, onLeaveSafeMode, risk }: EngineOptions,
  onCommand: () => void,
): Promise<OpenedEngine> => {
  const { close, note, open, store, tell, writeTimes } = startStore(log, waitingPlaces(config));
  const { opened, pressedIn, writeLeft } = await open({
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
  writeLeft();
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
