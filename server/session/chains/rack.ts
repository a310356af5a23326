/**
 * Every plug-in of the sessions that were open: which are loaded, and what the state shows of them.
 *
 * Those that are in a chain, or on their way into one, are shown. What leaves its chain stays loaded
 * for a while, so that UNDO brings it back as it was.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { PluginRow } from '../../../protocol/link.ts';
import type { Place, PluginOf, PluginStatus } from '../../../protocol/state.ts';
import type { CorePlugins } from '../core/plugins.ts';
import type { SessionEvent } from '../state/events.ts';
import { wordsOfId } from '../core/ids.ts';
import type { Later } from '../time/in-time.ts';
import { specOf } from './plugin-spec.ts';
import { type StoredPlugin, withState } from './stored-plugin.ts';

export interface RackOptions {
  readonly core: CorePlugins;
  readonly dataFolder: string;
  /** Nothing is loaded: in Safe Mode. */
  readonly isOff: boolean;
  readonly later: Later;
  /** Undefined when it is not offered. */
  find(pluginId: string): PluginRow | undefined;
  apply(event: SessionEvent): void;
  /** It is in no chain any more: what was wrong with it concerns nobody. */
  onGone(id: string): void;
}

/** What is known of one while it is loaded. */
export interface Live {
  status: PluginStatus;
  hostId: string | null;
  retries: number;
  latencyFrames: number;
  isInstrument: boolean;
  paramCount: number;
}

interface Entry extends Live {
  stored: StoredPlugin;
  /** Null = in no chain. */
  where: Place | null;
  load: 'none' | 'asked' | 'loaded';
  /** The core knows it, also when it could not be loaded. */
  isInCore: boolean;
  /** Counts when it went into a chain or out of one. */
  moves: number;
  readonly touched: Map<number, number>;
  /** Of those who wait for it to be loaded. */
  readonly waiting: ((code: number) => void)[];
}

/** What UNDO may bring back soon is not taken apart. */
const UNLOAD_MS = 10_000;
/** Nor is what a command that waits for its frame is about to play; none waits for longer. */
const WAITED_FOR_MS = 65_000;

export class Rack {
  readonly #options: RackOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RackOptions) {
    this.#options = options;
  }

  get isOff(): boolean {
    return this.#options.isOff;
  }

  /** One that the store remembers, or a new one. */
  add(stored: StoredPlugin): void {
    if (this.#entries.has(stored.id)) return;
    this.#entries.set(stored.id, {
      stored,
      where: null,
      load: 'none',
      isInCore: false,
      moves: 0,
      status: this.isOff ? 'off' : 'loading',
      hostId: null,
      retries: 0,
      latencyFrames: 0,
      isInstrument: stored.isInstrument,
      paramCount: 0,
      touched: new Map(),
      waiting: [],
    });
  }

  /** No session that was open has any. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  stored(id: string): StoredPlugin | undefined {
    return this.#entries.get(id)?.stored;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  isLoaded(id: string): boolean {
    return this.#entries.get(id)?.load === 'loaded';
  }

  where(id: string): Place | null {
    return this.#entries.get(id)?.where ?? null;
  }

  /** Of its parameters: what was set last. */
  touched(id: string): ReadonlyMap<number, number> {
    return this.#entries.get(id)?.touched ?? new Map();
  }

  status(id: string): PluginStatus {
    return this.#entries.get(id)?.status ?? 'off';
  }

  latencyFrames(id: string): number {
    return this.#entries.get(id)?.latencyFrames ?? 0;
  }

  hostId(id: string): string | null {
    return this.#entries.get(id)?.hostId ?? null;
  }

  /** Of those that are in a chain, or were until a moment ago. */
  ids(): string[] {
    return [...this.#entries.keys()].filter((id) => this.#entries.get(id)?.load !== 'none');
  }

  /** It is asked for unless it is there or on its way. Returns 0, or the code why it cannot be. */
  load(id: string): number {
    const entry = this.#entries.get(id);
    if (!entry || this.isOff) return ERRORS.ERR_PLUGINS_OFF.code;
    if (entry.load !== 'none') {
      this.#stay(id, entry);
      return 0;
    }
    entry.stored = this.#found(entry.stored);
    const code = this.#options.core.loadPlugin(specOf(entry.stored, this.#options.dataFolder));
    if (code === 0) [entry.load, entry.isInCore] = ['asked', true];
    this.update(id, { status: code === 0 ? 'loading' : 'off' });
    return code;
  }

  /** The player wants it tried again. Returns 0, or the code why not. */
  retry(id: string): number {
    return this.isLoaded(id) ? this.#options.core.retryPlugin(wordsOfId(id)) : this.load(id);
  }

  /** Resolves with 0, or with the code why it is not loaded. */
  whenLoaded(id: string): Promise<number> {
    const entry = this.#entries.get(id);
    if (!entry || entry.load === 'none') return Promise.resolve(ERRORS.ERR_PLUGIN_LOAD.code);
    if (entry.load === 'loaded') return Promise.resolve(0);
    return new Promise((resolve) => entry.waiting.push(resolve));
  }

  /**
   * The core has it, or has not; another time after its process was started again.
   *
   * @returns Whether nobody waited for it to be loaded.
   */
  onLoaded(id: string, code: number, live: Partial<Live>): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    entry.load = code === 0 ? 'loaded' : 'none';
    if (code === 0 && entry.stored.bypassed) {
      this.#options.core.bypassPlugin(wordsOfId(id), true);
    }
    this.update(id, { ...live, status: code === 0 ? 'on' : 'off' });
    const waiting = entry.waiting.splice(0);
    for (const tell of waiting) tell(code);
    if (entry.where === null) this.#unloadLater(id, entry);
    return waiting.length === 0;
  }

  /** It is in a chain there, or on its way into it. */
  place(id: string, where: Place): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.where = where;
    entry.moves += 1;
    this.#tell(id, entry);
  }

  /** It is in no chain any more. */
  release(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.where === null) return;
    entry.where = null;
    entry.moves += 1;
    this.#options.apply({ t: 'plugin', id, plugin: null });
    this.#options.onGone(id);
    const { code } = ERRORS.ERR_PLUGIN_CALLED_OFF;
    for (const tell of entry.waiting.splice(0)) tell(code);
    if (entry.isInCore) this.#unloadLater(id, entry);
  }

  update(id: string, live: Partial<Live>): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    Object.assign(entry, live);
    if (entry.where !== null) this.#tell(id, entry);
  }

  setBypassed(id: string, bypassed: boolean): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.stored = { ...entry.stored, bypassed };
    this.update(id, {});
  }

  /** False when it had this state already. */
  setState(id: string, sha256: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry || entry.stored.state === sha256) return false;
    entry.stored = withState(entry.stored, sha256);
    return true;
  }

  /** The newest few are shown. */
  touch(id: string, paramId: number, value: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { touched } = entry;
    if (!touched.has(paramId) && touched.size >= LIMITS.pluginTouchedMax) {
      const [oldest] = touched.keys();
      if (oldest !== undefined) touched.delete(oldest);
    }
    touched.delete(paramId);
    touched.set(paramId, value);
    this.update(id, {});
  }

  /** As this computer offers it now; else as it was found last. */
  #found(stored: StoredPlugin): StoredPlugin {
    const row = this.#options.find(stored.pluginId);
    return row ? { ...stored, bundle: row.bundle, group: row.group } : stored;
  }

  /** What is about to be taken apart is wanted, at some frame. */
  #stay(id: string, entry: Entry): void {
    if (entry.where !== null) return;
    entry.moves += 1;
    this.#unloadLater(id, entry, WAITED_FOR_MS);
  }

  #unloadLater(id: string, entry: Entry, ms = UNLOAD_MS): void {
    const { moves } = entry;
    this.#options.later(ms, () => {
      if (entry.moves !== moves || entry.load === 'asked' || !entry.isInCore) return;
      [entry.load, entry.isInCore] = ['none', false];
      entry.status = 'loading';
      this.#options.core.unloadPlugin(wordsOfId(id));
    });
  }

  #tell(id: string, entry: Entry): void {
    if (entry.where === null) return;
    const { stored } = entry;
    const plugin: PluginOf = {
      pluginId: stored.pluginId,
      where: entry.where,
      name: stored.name,
      vendor: stored.vendor,
      hostId: entry.hostId,
      status: entry.status,
      retries: entry.retries,
      latencyFrames: entry.latencyFrames,
      isInstrument: entry.isInstrument,
      paramCount: entry.paramCount,
      bypassed: stored.bypassed,
      touched: Object.fromEntries(entry.touched),
    };
    this.#options.apply({ t: 'plugin', id, plugin });
  }
}
