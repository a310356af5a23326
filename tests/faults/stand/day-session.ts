/**
 * A real session in virtual time: the core is stepped, the store, the spool and the takes are on disk.
 *
 * The disk goes by the real clock, so whoever steps must wait for it now and then.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { AppState } from '../../../protocol/state.ts';
import type { FlowZoneConfig } from '../../../server/config.ts';
import { type EngineStatus, FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';
import { makeSession, newId } from '../../../server/engine/make-session.ts';
import type { StartedCore } from '../../../server/engine/start-core.ts';
import { wordsOfId } from '../../../server/session/ids.ts';
import {
  historyOf,
  loadCached,
  type LoadedSession,
  loadSession,
  rootRiff,
} from '../../../server/session/load-session.ts';
import type { CachedSound } from '../../../server/session/sound-cache.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store-client.ts';
import type { Json } from '../../judge/client.ts';

export interface DayOptions {
  readonly folder: string;
  readonly rateHz: number;
  readonly bpm: number;
  readonly inputPath: string;
  /** What the session answers. */
  onAnswer(message: Json): void;
}

/** How long the store took to be ready for the player. */
export interface Opening {
  readonly openMs: number;
  readonly firstPageMs: number;
}

export const SLOT_COUNT = 8;
const BLOCK_FRAMES = 128;
const PAGE_ROWS = 50;

const openStore = (): StoreClient =>
  new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: (isOn, why) => {
      if (isOn) throw new Error(`the store failed: ${String(why)}`);
    },
  });

const load = async (store: StoreClient, folder: string): Promise<LoadedSession> =>
  loadSession(
    store,
    await store.read({ kind: 'open', dataFolder: folder, atMs: Date.now(), newSessionName: 'Day' }),
  );

const startCore = ({ bpm, folder, inputPath, rateHz }: DayOptions, runId: string): FlowCore => {
  const core = FlowCore.create(libraryPath(), {
    sampleRateHz: rateHz,
    blockFrames: BLOCK_FRAMES,
    slotCount: SLOT_COUNT,
    sourceCount: 1,
    deviceKind: DEVICE_KIND.stepped,
    flags: CONFIG_FLAGS.deviceSources,
    ringSecondsMax: 0,
    overflowBlocksMax: 0,
    bpm,
    runId: wordsOfId(runId),
    ringName: '',
    inputPath,
    outputPath: '',
    logPath: '',
    spoolPath: join(folder, 'spool', runId),
    audioPath: join(folder, 'audio'),
  });
  core.start();
  return core;
};

const configOf = ({ folder, rateHz }: DayOptions): FlowZoneConfig => ({
  version: '0',
  host: '127.0.0.1',
  port: 0,
  dataFolder: folder,
  runFolder: folder,
  linkPath: '',
  webFolder: '',
  device: 'headless',
  rateHz,
  blockFrames: BLOCK_FRAMES,
  slotCount: SLOT_COUNT,
  bpm: null,
  inputPath: null,
  outputPath: null,
  logFolder: null,
  ringName: '',
  ringSecondsMax: 0,
  overflowBlocksMax: 0,
  sessionName: 'Day',
  dev: false,
  isRestart: false,
  safe: null,
  rateLimit: false,
});

export class DaySession {
  readonly #core: FlowCore;
  readonly #store: StoreClient;
  readonly #runId: string;
  readonly #made: ReturnType<typeof makeSession>;
  readonly opening: Opening;
  #asked = 0;

  private constructor(
    options: DayOptions,
    store: StoreClient,
    found: { loaded: LoadedSession; cached: readonly CachedSound[]; opening: Opening },
  ) {
    this.opening = found.opening;
    this.#runId = newId().replaceAll('-', '');
    for (const name of [join('spool', this.#runId), 'audio']) {
      mkdirSync(join(options.folder, name), { recursive: true });
    }
    this.#store = store;
    this.#core = startCore(options, this.#runId);
    const device = { kind: 'headless', deviceKind: DEVICE_KIND.stepped, flags: 0 };
    const started = { core: this.#core, device, runId: this.#runId, isAdopted: false };
    this.#made = makeSession({
      config: configOf(options),
      store,
      loaded: found.loaded,
      cached: found.cached,
      started: started as StartedCore,
      bpm: options.bpm,
      leaveSafeMode: () => undefined,
      emit: (message) => {
        if (message.t === 'answer') options.onAnswer(message.message);
      },
      onUnrestored: (code) => {
        throw new Error(`not restored: ${code}`);
      },
      onBadCache: (path) => {
        throw new Error(`damaged: ${path}`);
      },
      onError: (error) => {
        throw error;
      },
    });
    this.#made.session.start();
  }

  static async open(options: DayOptions): Promise<DaySession> {
    const store = openStore();
    const began = performance.now();
    const loaded = await load(store, options.folder);
    const history = historyOf(loaded, () => rootRiff(newId(), Date.now(), options.bpm));
    const openMs = performance.now() - began;
    history.page({ limit: PAGE_ROWS });
    const firstPageMs = performance.now() - began - openMs;
    const cached = await loadCached(store);
    return new DaySession(options, store, { loaded, cached, opening: { openMs, firstPageMs } });
  }

  get status(): EngineStatus {
    return this.#core.status();
  }

  get slots(): AppState['slots'] {
    return this.#made.session.state.slots;
  }

  /** Renders so many frames, with all that the session does of them. */
  async step(frames: number): Promise<void> {
    this.#core.step(frames);
    this.#pump();
    await new Promise(setImmediate);
  }

  send(command: SessionCommand): void {
    this.#asked += 1;
    this.#made.session.onMessage({
      t: 'command',
      clientId: 'day',
      loopback: true,
      command: { ...command, reqId: `r${this.#asked}` },
    });
  }

  /** Stands still until the disk has come so far. */
  async waitFor(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + 120_000;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`the disk never came to it: ${what}`);
      this.#pump();
      await Bun.sleep(2);
    }
  }

  async end(): Promise<void> {
    this.#made.session.end();
    this.#core.stop();
    this.#pump();
    await this.#store.settle();
    if (!this.#core.destroy()) throw new Error('a take is not on disk');
    this.#store.write({ kind: 'endRun', runId: this.#runId, atMs: Date.now() });
    if (!(await this.#store.end(Date.now()))) throw new Error('the store did not end');
  }

  #pump(): void {
    this.#made.session.onEvents(this.#core.poll());
  }
}
