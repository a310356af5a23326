/** A catalogue with a clock, a timer and children of the test's own; folders and files are real. */
import { Catalogue } from '../../../server/plugins/catalogue.ts';
import type { PluginClass } from '../../../server/plugins/plugin-class.ts';
import type { Outcome } from '../../../server/plugins/scan-child.ts';
import type { BundleReport, ScanNews } from '../../../server/plugins/scan-port.ts';
import { UNITS } from '../../../server/plugins/units.ts';
import { idOf, makeFolder } from './fake-bundles.ts';

export const pluginOf = (number: number, name: string): PluginClass => ({
  pluginId: `vst3:${idOf(number)}`,
  name,
  vendor: 'Maker',
  version: '1.2.0',
  kind: 'effect',
  categories: ['Fx'],
});

export const classes = (...found: PluginClass[]): Outcome => ({ t: 'classes', classes: found });

interface Child {
  readonly path: string;
  end(outcome: Outcome): void;
}

export class Desk {
  readonly folder = makeFolder();
  readonly dataFolder: string;
  readonly news: ScanNews[] = [];
  /** What is looked at now. */
  readonly children: Child[] = [];
  /** Everything that was ever looked at. */
  readonly begun: string[] = [];
  readonly looked: (readonly string[])[] = [];
  /** Behind the clock that files are stamped with: a file is made in the clock's first instant. */
  nowMs = Date.now() + 1;
  /** Called when a child starts. */
  onStart: (path: string) => void = () => undefined;
  readonly catalogue: Catalogue;
  readonly #later: { readonly atMs: number; act(): void }[] = [];

  /** @param components Where Audio Units come and go; without it there are none. */
  constructor({ components = '', dataFolder = makeFolder(), folder = '', isQuiet = false } = {}) {
    if (folder !== '') this.folder = folder;
    this.dataFolder = dataFolder;
    this.catalogue = new Catalogue({
      dataFolder,
      folders: components === '' ? [this.folder] : [this.folder, UNITS],
      components: [components],
      hostPath: '',
      isQuiet,
      clock: () => this.nowMs,
      later: (ms, act) => this.#later.push({ atMs: this.nowMs + ms, act }),
      start: (path) => this.#start(path),
      tell: (news) => this.news.push(news),
      onLooked: (folders) => this.looked.push(folders),
    });
  }

  #start(path: string) {
    this.begun.push(path);
    this.onStart(path);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const child: Child = {
      path,
      end: (outcome) => {
        this.children.splice(this.children.indexOf(child), 1);
        resolve(outcome);
      },
    };
    this.children.push(child);
    return { outcome: promise, end: () => child.end({ t: 'ended' }) };
  }

  /** Time passes, and what was put off for so long is done. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = this.#later.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!due || due.atMs > endMs) break;
      this.#later.splice(this.#later.indexOf(due), 1);
      this.nowMs = due.atMs;
      due.act();
    }
    this.nowMs = endMs;
  }

  /** All that wait are looked at, each with this outcome. */
  async finish(outcome: (path: string) => Outcome): Promise<void> {
    while (this.children.length > 0) {
      this.children[0]?.end(outcome(this.children[0].path));
      await new Promise(setImmediate);
    }
  }

  /** What was last told of each bundle that is there. */
  get bundles(): BundleReport[] {
    const told = new Map<string, BundleReport>();
    for (const news of this.news) {
      if (news.t === 'bundle') told.set(news.bundle.path, news.bundle);
      if (news.t === 'gone') told.delete(news.path);
    }
    return [...told.values()];
  }

  get waiting(): number {
    return this.news.findLast((news) => news.t === 'waiting')?.count ?? 0;
  }

  get rescans() {
    return this.news.filter((news) => news.t === 'rescan');
  }
}
