/** Joins what the store remembers with the engine that has just started: the session. */
import { LIMITS } from '../../protocol/limits.ts';
import type { ToGateway } from '../../protocol/link.ts';
import type { AppState } from '../../protocol/state.ts';
import { wallClock } from '../clock.ts';
import type { FlowZoneConfig } from '../config.ts';
import { framesPerBeatOf, shiftTo } from '../session/riffs/grid-place.ts';
import { SafeHead } from '../session/riffs/safe-head.ts';
import { initialState } from '../session/state/initial-state.ts';
import { type LatencyProfile, type LatencyTrim, msOf } from '../session/time/latency.ts';
import { Damage, knownDamage } from '../session/runs/damage.ts';
import { historyOf, type LoadedSession, restoreTakes, rootRiff } from '../session/load-session.ts';
import { Session } from '../session/session.ts';
import type { CachedSound } from '../session/sounds/sound-cache.ts';
import type { PluginScans } from '../session/plugin-shelf.ts';
import type { StoreClient } from '../session/store/client.ts';
import type { StoreWrite } from '../session/store/write-requests.ts';
import { Takes } from '../session/takes/takes.ts';
import { corePortOf } from './core-port.ts';
import { sourcesOf } from './device.ts';
import type { EngineStatus } from './flow-core.ts';
import { makeGridReader } from './grid-reader.ts';
import type { StartedCore } from './start-core.ts';

export interface SessionParts {
  readonly config: FlowZoneConfig;
  readonly store: StoreClient;
  readonly loaded: LoadedSession;
  readonly cached: readonly CachedSound[];
  readonly started: StartedCore;
  readonly bpm: number;
  readonly plugins: PluginScans;
  readonly pressedIn: ReadonlyMap<string, string>;
  /** Notes what waits before it may be written. */
  note(write: StoreWrite): () => void;
  leaveSafeMode(): void;
  emit(message: ToGateway): void;
  onUnrestored(code: number): void;
  onBadCache(path: string): void;
  onError(error: unknown): void;
}

/** Step of Safe Mode in which no loop is loaded by itself. */
const BARE_STEP = 2;

export const newId = (): string => crypto.randomUUID();

export const modeOf = ({ safe }: FlowZoneConfig): Pick<AppState['meta'], 'mode' | 'safe'> =>
  safe
    ? { mode: 'SAFE', safe: { ...safe, suspects: [...safe.suspects] } }
    : { mode: 'NORMAL', safe: null };

const takesOf = (loaded: LoadedSession, dataFolder: string): Takes => {
  const takes = new Takes(dataFolder);
  restoreTakes(loaded, takes);
  return takes;
};

/** The tempo of a grid that goes on, as the player called it. */
export const bpmOfGrid = (
  framesPerBeat: number,
  rateHz: number,
  candidates: readonly number[],
): number =>
  candidates.find((bpm) => framesPerBeatOf(bpm, rateHz) === framesPerBeat) ??
  (framesPerBeat > 0 ? (60 * rateHz) / framesPerBeat : LIMITS.bpmDefault);

/** Two devices of a kind differ by what their ports are called. */
const deviceName = ({ kind }: StartedCore['device'], { deviceKey }: EngineStatus): string =>
  deviceKey === 0 ? kind : `${kind}-${deviceKey.toString(16).padStart(8, '0')}`;

/** No device is later; what tells more is not believed. */
const BELIEVED_SECONDS = 0.5;

/**
 * As measured for this device, rate and block; until then the device is believed. The trim is the one
 * the player last set for them.
 */
export const latencyOf = (
  { opened }: Pick<LoadedSession, 'opened'>,
  { device }: Pick<StartedCore, 'device'>,
  status: EngineStatus,
): Pick<AppState['devices'], 'latencyMs' | 'isMeasured' | 'outputLatencyMs' | 'trimMs'> => {
  const { blockFrames, inputLatencyFrames, outputLatencyFrames, sampleRateHz: rateHz } = status;
  const name = deviceName(device, status);
  const isThis = (each: LatencyProfile | LatencyTrim) =>
    each.device === name && each.rateHz === rateHz && each.blockFrames === blockFrames;
  const profile = opened.latencies.find(isThis);
  const trim = opened.trims.find(isThis);
  const believed = Math.min(inputLatencyFrames + outputLatencyFrames, rateHz * BELIEVED_SECONDS);
  return {
    latencyMs: msOf({ rateHz }, profile?.frames ?? believed),
    isMeasured: profile !== undefined,
    outputLatencyMs: msOf({ rateHz }, profile?.outputFrames ?? outputLatencyFrames),
    trimMs: msOf({ rateHz }, trim?.trimFrames ?? 0),
  };
};

const stateOf = (
  { config, loaded, started }: SessionParts,
  bpm: number,
  history: AppState['history'],
  status: EngineStatus,
): AppState =>
  initialState({
    ...modeOf(config),
    version: config.version,
    sessionId: loaded.opened.sessionId,
    sessionName: loaded.opened.sessionName,
    slotCount: config.slotCount,
    bpm,
    isPlaying: status.isPlaying !== 0,
    history,
    devices: {
      kind: started.device.kind,
      name: deviceName(started.device, status),
      rateHz: status.sampleRateHz,
      blockFrames: status.blockFrames,
      hasRealTime: status.hasRealTime !== 0,
      ...latencyOf(loaded, started, status),
    },
    sources: sourcesOf(started.device, status.sourceCount),
    mix: loaded.opened.mix,
  });

export const makeSession = (parts: SessionParts) => {
  const { bpm, config, loaded, started, store } = parts;
  const { core, isAdopted, runId } = started;
  const { head, sessionId } = loaded.opened;
  const status = core.status();
  const takes = takesOf(loaded, config.dataFolder);
  const history = historyOf(loaded, takes, () => rootRiff(newId(), wallClock(), bpm));
  const isBare = (config.safe?.step ?? 0) >= BARE_STEP;
  const safeHead = new SafeHead(loaded.moves, history);
  // Runs of a session share its beats: a new grid begins where the head riff does.
  const gridShift = isAdopted ? (head?.gridShift ?? 0) : shiftTo(history.head, 0);
  for (const move of head === null ? [] : safeHead.stand(isBare)) {
    store.write({
      kind: 'head',
      sessionId,
      gridShift,
      atMs: wallClock(),
      moveId: newId(),
      ...move,
    });
  }
  const rateHz = status.sampleRateHz;
  // Before anything else of this run: what follows refers to it.
  store.write({
    kind: 'beginRun',
    runId,
    sessionId,
    rateHz,
    atMs: wallClock(),
    gridShift,
    listedFrom: isAdopted ? status.frame : 0,
  });
  if (head === null) {
    const riff = history.head;
    store.write({ kind: 'riff', sessionId, riff, takes: [], gridShift, moveId: newId() });
  }
  const grid = makeGridReader(
    () => core.status(),
    () => session.state.transport.meter.beats,
  );
  const bpmNow = isAdopted ? bpmOfGrid(status.framesPerBeat, rateHz, [bpm, history.head.bpm]) : bpm;
  const epoch = newId();
  const session: Session = new Session({
    epoch,
    initial: stateOf(parts, bpmNow, history.view(), status),
    mix: loaded.opened.mix,
    history,
    takes,
    runId,
    rateHz,
    gridShift,
    epochs: isAdopted ? loaded.opened.epochs : [],
    damage: isAdopted ? knownDamage(loaded.opened, status.frame) : new Damage(),
    core: corePortOf(core, () => grid.grid()),
    wallClock,
    dataFolder: config.dataFolder,
    read: (request) => store.read(request),
    gaps: (run) => store.read({ kind: 'gaps', runId: run }),
    plugins: parts.plugins,
    storedPlugins: loaded.plugins,
    newId,
    write: (request, done, failed) => store.write(request, done, failed),
    note: parts.note,
    pressedIn: parts.pressedIn,
    leaveSafeMode: parts.leaveSafeMode,
    emit: parts.emit,
    stretcherMark: core.stretcherMark,
    cached: parts.cached,
    onUnrestored: parts.onUnrestored,
    onBadCache: parts.onBadCache,
    onError: parts.onError,
  });
  return { session, epoch, grid };
};
