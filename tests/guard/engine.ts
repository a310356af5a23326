/** The engine process without launcher and clock: real core, session and store, stepped by a test. */
import { dlopen, FFIType } from 'bun:ffi';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FLAGS, DEVICE_KIND } from '../../protocol/abi.ts';
import type { ToGateway } from '../../protocol/link.ts';
import type { FlowZoneConfig } from '../../server/config.ts';
import type { DeviceChoice } from '../../server/engine/device.ts';
import { FlowCore } from '../../server/engine/flow-core.ts';
import { libraryPath } from '../../server/engine/library-path.ts';
import { makeSession, newId } from '../../server/engine/make-session.ts';
import { wordsOfId } from '../../server/session/core/ids.ts';
import { loadSession } from '../../server/session/load-session.ts';
import { makeStoreWorker, StoreClient } from '../../server/session/store/client.ts';

export const BLOCK_FRAMES = 128;

const DEVICE: DeviceChoice = {
  kind: 'stepped',
  deviceKind: DEVICE_KIND.stepped,
  flags: CONFIG_FLAGS.demoPlayer | CONFIG_FLAGS.monitor,
  sourceName: 'Demo player',
  isMonitored: true,
};

/** What differs from the guard's engine: 48 kHz, 128-frame blocks, 8 slots, the demo player, stepped. */
export interface EngineChoice {
  readonly device: DeviceChoice;
  readonly rateHz: number;
  readonly blockFrames: number;
  readonly slotCount: number;
  readonly bpm: number;
  readonly inputPath: string | null;
}

const GUARDED: EngineChoice = {
  device: DEVICE,
  rateHz: 48_000,
  blockFrames: BLOCK_FRAMES,
  slotCount: 8,
  bpm: 240,
  inputPath: null,
};

const configOf = (dataFolder: string, choice: EngineChoice): FlowZoneConfig => ({
  version: '0.0.0',
  host: '127.0.0.1',
  lan: false,
  port: 0,
  dataFolder,
  runFolder: join(dataFolder, 'run'),
  linkPath: join(dataFolder, 'run', 'link.sock'),
  webFolder: '',
  device: 'headless',
  inputDevice: null,
  outputDevice: null,
  rateHz: choice.rateHz,
  blockFrames: choice.blockFrames,
  slotCount: choice.slotCount,
  bpm: choice.bpm,
  inputPath: choice.inputPath,
  outputPath: null,
  logFolder: null,
  ringName: '',
  ringSecondsMax: 60,
  overflowBlocksMax: 0,
  secondFolder: null,
  pluginFolders: [],
  sessionName: 'Guard',
  dev: false,
  safe: null,
  rateLimit: false,
  isRestart: false,
});

const makeCore = (config: FlowZoneConfig, device: DeviceChoice, runId: string): FlowCore => {
  const folder = (name: string) => {
    mkdirSync(join(config.dataFolder, name), { recursive: true });
    return join(config.dataFolder, name);
  };
  return FlowCore.create(libraryPath(), {
    sampleRateHz: config.rateHz,
    blockFrames: config.blockFrames,
    slotCount: config.slotCount,
    sourceCount: 1,
    deviceKind: device.deviceKind,
    flags: device.flags,
    ringSecondsMax: config.ringSecondsMax,
    overflowBlocksMax: config.overflowBlocksMax,
    bpm: config.bpm ?? 240,
    runId: wordsOfId(runId),
    ringName: '',
    inputPath: config.inputPath ?? '',
    outputPath: '',
    logPath: '',
    pluginHostPath: '',
    statePath: '',
    inputDevice: '',
    outputDevice: '',
    spoolPath: join(folder('spool'), runId),
    secondSpoolPath: '',
    audioPath: folder('audio'),
  });
};

export const openEngine = async (
  dataFolder: string,
  emit: (message: ToGateway) => void,
  more: Partial<EngineChoice> = {},
) => {
  // The launcher makes it in the product.
  mkdirSync(dataFolder, { recursive: true });
  const choice = { ...GUARDED, ...more };
  const config = configOf(dataFolder, choice);
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: (isFailed, why) => {
      if (isFailed) throw new Error(`store: ${why}`);
    },
  });
  const opened = await store.read({
    kind: 'open',
    dataFolder,
    atMs: 0,
    newSessionName: config.sessionName,
  });
  const loaded = await loadSession(store, opened);
  const runId = newId().replaceAll('-', '');
  const core = makeCore(config, choice.device, runId);
  core.start();
  const started = { core, device: choice.device, runId, isAdopted: false, makesWay: false };
  const fail = (why: unknown) => {
    throw new Error(`the session failed: ${String(why)}`);
  };
  const { session } = makeSession({
    config,
    store,
    loaded,
    cached: [],
    started,
    bpm: choice.bpm,
    plugins: { rescan: () => undefined, cancel: () => undefined },
    pressedIn: new Map(),
    note: () => () => undefined,
    leaveSafeMode: () => undefined,
    emit,
    onUnrestored: fail,
    onBadCache: fail,
    onError: fail,
  });
  const { fz_engine_step: step } = dlopen(libraryPath(), {
    fz_engine_step: { args: [FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
  }).symbols;
  session.start();
  return {
    core,
    session,
    /** Renders one block on this thread and hands its events to the session. */
    step() {
      if (step(core.handle as Parameters<typeof step>[0], BLOCK_FRAMES) < 0) {
        throw new Error('the core did not step');
      }
      session.onEvents(core.poll());
    },
    async end() {
      session.end();
      core.stop();
      session.onEvents(core.poll());
      await store.end(0);
      core.destroy();
    },
  };
};
