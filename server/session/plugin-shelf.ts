/** The plug-ins that are offered, and the look for them as a job of the state. */
import { errorByCode, ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { PluginRow, RefusedBundle } from '../../protocol/link.ts';
import type { JobOf } from '../../protocol/state.ts';
import { type GroupNames, groupOf } from '../plugins/group.ts';
import type { BundleReport, ScanNews } from '../plugins/scan-port.ts';
import type { SessionEvent } from './state/events.ts';

/** Who looks for plug-ins; both return at once. */
export interface PluginScans {
  /** What was refused is tried again. */
  rescan(): void;
  cancel(): void;
}

export interface PluginShelfOptions {
  readonly scans: PluginScans;
  newId(): string;
  apply(event: SessionEvent): void;
  later(ms: number, act: () => void): void;
  /** Everybody is told. */
  notice(code: number): void;
}

export interface PluginList {
  revision: number;
  items: PluginRow[];
  refused: RefusedBundle[];
}

/** A child that looks at a bundle is ended when it says nothing for half of this. */
const CONFIRMED_MS_MAX = 30_000;

/** Whoever waits for a plug-in to be looked at; its bundle once it was listed. */
interface Asked {
  readonly pluginId: string;
  bundle?: string;
  resolve(sure: PluginRow | number): void;
}

const LABEL = 'Looking for plug-ins';

/** First as the folders come, then by path: of two with the same plug-in the first is offered. */
const inOrder = (a: BundleReport, b: BundleReport): number =>
  a.folder - b.folder || (a.path < b.path ? -1 : 1);

const rowsOf = (
  { classes, isConfirmed, path: bundle }: BundleReport,
  groups: GroupNames,
): PluginRow[] =>
  classes.map((each) => ({
    ...each,
    bundle,
    isConfirmed,
    group: groupOf(each.vendor, groups),
  }));

const refusedOf = ({ name, path: bundle, refusal }: BundleReport): RefusedBundle[] => {
  if (!refusal) return [];
  const { code, detail } = refusal;
  const says = errorByCode(code)?.row.says ?? 'It cannot be used.';
  return [{ bundle, name, code, reason: detail === '' ? says : `${says} (${detail})` }];
};

const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);

export class PluginShelf {
  readonly #options: PluginShelfOptions;
  readonly #bundles = new Map<string, BundleReport>();
  #groups: GroupNames = {};
  #list: PluginList = { revision: 0, items: [], refused: [] };
  #isStale = false;
  #waiting = 0;
  readonly #asked = new Set<Asked>();
  #isTellPlanned = false;
  #running: { readonly id: string; job: JobOf } | null = null;
  /** The job that ended last; another one takes its place. */
  #lastId: string | null = null;

  constructor(options: PluginShelfOptions) {
    this.#options = options;
  }

  list(): PluginList {
    this.#sort();
    return this.#list;
  }

  /** Undefined when it is not offered. */
  find(pluginId: string): PluginRow | undefined {
    return this.list().items.find((row) => row.pluginId === pluginId);
  }

  /**
   * What is only listed is looked at by a child first, if one is about to.
   *
   * @returns Its row then, or the code why it cannot be loaded.
   */
  whenConfirmed(pluginId: string): Promise<PluginRow | number> {
    return new Promise((resolve) => {
      const asked = { pluginId, resolve };
      this.#asked.add(asked);
      this.#options.later(CONFIRMED_MS_MAX, () => this.#answer(asked, true));
      this.#answer(asked);
    });
  }

  /** As soon as it is known, or it is not to be. */
  #answer(asked: Asked, isOver = false): void {
    if (!this.#asked.has(asked)) return;
    const row = this.find(asked.pluginId);
    const isComing = row !== undefined && !row.isConfirmed && this.#waiting > 0;
    if (isComing && !isOver) {
      asked.bundle = row.bundle;
      return;
    }
    this.#asked.delete(asked);
    const refusal = this.#bundles.get(asked.bundle ?? '')?.refusal;
    const code = refusal?.code ?? ERRORS.ERR_NO_SUCH_PLUGIN.code;
    asked.resolve(row?.isConfirmed ? row : code);
  }

  /** Begins a look for plug-ins, or joins the one that is on. Returns the job's id. */
  rescan(): string {
    if (this.#running) return this.#running.id;
    if (this.#lastId !== null) this.#options.apply({ t: 'jobGone', id: this.#lastId });
    const id = this.#options.newId();
    this.#lastId = id;
    this.#running = {
      id,
      job: {
        kind: 'rescan',
        label: LABEL,
        state: 'running',
        progress: 0,
        code: 0,
        folder: '',
        files: [],
      },
    };
    this.#tell();
    this.#options.scans.rescan();
    return id;
  }

  /** False when the job is none of this shelf, or has ended. */
  cancel(jobId: string): boolean {
    if (this.#running?.id !== jobId) return false;
    this.#options.scans.cancel();
    return true;
  }

  onNews(news: ScanNews): void {
    switch (news.t) {
      case 'bundle':
        this.#take(news.bundle);
        break;
      case 'gone':
        this.#bundles.delete(news.path);
        this.#isStale = true;
        break;
      case 'groups':
        this.#isStale ||= !Bun.deepEquals(this.#groups, news.groups);
        this.#groups = news.groups;
        break;
      case 'waiting':
        this.#waiting = news.count;
        break;
      case 'rescan':
        this.#onRescan(news);
        return;
      default:
        return;
    }
    for (const asked of this.#asked) this.#answer(asked);
    this.#tellSoon();
  }

  #take(bundle: BundleReport): void {
    const before = this.#bundles.get(bundle.path);
    if (Bun.deepEquals(before, bundle)) return;
    this.#bundles.set(bundle.path, bundle);
    this.#isStale = true;
  }

  #onRescan({ code, progress, state }: Extract<ScanNews, { t: 'rescan' }>): void {
    if (!this.#running) return;
    this.#running.job = { ...this.#running.job, state, progress, code };
    if (state === 'running') {
      this.#tellSoon();
      return;
    }
    this.#tell();
    this.#running = null;
    if (code !== 0) this.#options.notice(code);
  }

  #tellSoon(): void {
    if (this.#isTellPlanned) return;
    this.#isTellPlanned = true;
    this.#options.later(LIMITS.pluginNewsMs, () => {
      this.#isTellPlanned = false;
      this.#tell();
    });
  }

  #tell(): void {
    this.#sort();
    const { items, refused, revision } = this.#list;
    const pluginList = {
      revision,
      count: items.length,
      refused: refused.length,
      waiting: this.#waiting,
    };
    this.#options.apply({ t: 'pluginList', pluginList });
    if (this.#running) this.#options.apply({ t: 'job', ...this.#running });
  }

  #sort(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const offered = new Map<string, PluginRow>();
    const bundles = [...this.#bundles.values()].toSorted(inOrder);
    for (const row of bundles.flatMap((each) => rowsOf(each, this.#groups))) {
      if (!offered.has(row.pluginId)) offered.set(row.pluginId, row);
    }
    this.#list = {
      revision: this.#list.revision + 1,
      items: [...offered.values()].toSorted(byName),
      refused: bundles.flatMap(refusedOf).toSorted(byName),
    };
  }
}
