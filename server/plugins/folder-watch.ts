/** Hears of every change below the folders of plug-ins, also of a folder that is made later. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

export interface FolderWatchOptions {
  readonly folders: readonly string[];
  /** Often several times for one change. */
  onChange(): void;
}

/** The system hears of all that lies deeper by itself. */
const IS_RECURSIVE = process.platform === 'darwin';

/** Of a folder that is not there: what is nearest to it. */
const nearest = (folder: string): string => {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
};

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** @param looked Every folder in which something may change; see `survey`. */
  cover(looked: readonly string[]): void {
    const { folders, onChange } = this.#options;
    const there = new Set(IS_RECURSIVE ? folders.filter((each) => existsSync(each)) : looked);
    const above = folders.map(nearest).filter((each) => !there.has(each));
    const wanted = new Set([...there, ...above]);
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of there) this.#begin(folder, onChange);
    for (const folder of above) this.#begin(folder, () => this.#onChangeAbove());
  }

  end(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Much else happens there; only a folder that comes or goes counts. */
  #onChangeAbove(): void {
    const isNews = this.#options.folders.some((folder) => !this.#watchers.has(nearest(folder)));
    if (isNews) this.#options.onChange();
  }

  #begin(folder: string, onChange: () => void): void {
    if (this.#watchers.has(folder)) return;
    try {
      const recursive = IS_RECURSIVE && this.#options.folders.includes(folder);
      const watcher = watch(folder, { recursive, persistent: false }, onChange);
      watcher.on('error', () => this.#lose(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It went meanwhile, or the system watches no more folders: RESCAN_PLUGINS finds what is in it.
    }
  }

  #lose(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#options.onChange();
  }
}
