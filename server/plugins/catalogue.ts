/**
 * All plug-ins of this computer, as far as they are known: told at once from the cache and from what
 * bundles say of themselves, confirmed by children, kept up to date as folders change.
 */
import { ERRORS } from '../../protocol/errors.ts';
import type { WallClock } from '../clock.ts';
import { type Bundle, isWhole, readBundle } from './bundle.ts';
import { classesOfModuleInfo } from './module-info.ts';
import { Rescan } from './rescan.ts';
import type { Outcome, Refusal, ScanChild } from './scan-child.ts';
import { ScanFile } from './scan-file.ts';
import type { BundleReport, ScanNews, ScanStart } from './scan-port.ts';
import { Scanner } from './scanner.ts';
import { Settle } from './settle.ts';
import { type Found, survey } from './survey.ts';
import { componentFolders, readUnits, UNITS } from './units.ts';

export interface CatalogueOptions extends ScanStart {
  readonly clock: WallClock;
  /** Where Audio Units come and go. */
  readonly components?: readonly string[];
  later(ms: number, act: () => void): void;
  start(bundlePath: string): ScanChild;
  tell(news: ScanNews): void;
  /** Told the folders in which a change would be news. */
  onLooked(folders: readonly string[]): void;
}

/** While something is still being copied it is looked after so often. */
const LOOK_MS = 250;
/** What a long look has found is on disk before its end: an engine that is killed begins no more than this anew. */
const SAVE_MS = 1000;

interface Told {
  readonly key: string;
  readonly folder: number;
  readonly isConfirmed: boolean;
}

const { code: UNREADABLE } = ERRORS.ERR_PLUGIN_UNREADABLE;

export class Catalogue {
  readonly #options: CatalogueOptions;
  readonly #file: ScanFile;
  readonly #scanner: Scanner;
  readonly #settle = new Settle();
  readonly #rescan: Rescan;
  /** By path: what was last told. */
  readonly #told = new Map<string, Told>();
  /** Bundles that are still being copied. */
  readonly #restless = new Set<string>();
  /** When this engine began, wall clock, Unix ms. */
  readonly #beganMs: number;
  #isLookPlanned = false;
  #isEnded = false;
  #waiting = 0;
  #savedMs = 0;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#beganMs = options.clock();
    this.#file = new ScanFile(options.dataFolder);
    this.#rescan = new Rescan((news) => options.tell(news));
    this.#scanner = new Scanner({
      file: this.#file,
      start: options.start,
      onOutcome: (bundle, outcome) => this.#onOutcome(bundle, outcome),
      onTrouble: (bundle, error) =>
        this.#trouble(`${bundle.name} could not be looked at`, String(error)),
      onIdle: () => this.#save(),
    });
  }

  /** Looks through the folders: at the start, and after each change in them. */
  look(): void {
    if (this.#isEnded) return;
    const { clock, folders, isQuiet, onLooked } = this.#options;
    const { bundles, looked } = survey(folders);
    const there = new Set(bundles.map(({ path }) => path));
    if (folders.includes(UNITS)) there.add(UNITS);
    for (const path of this.#told.keys()) if (!there.has(path)) this.#lose(path);
    const nowMs = clock();
    const isUnasked = isQuiet && !this.#rescan.isRunning;
    for (const found of bundles) this.#lookAt(found, nowMs, isUnasked);
    if (there.has(UNITS)) this.#lookAtUnits(isUnasked);
    this.#file.keepOnly(new Set([...this.#told.values()].map(({ key }) => key)));
    if (!isQuiet) onLooked(looked);
    if (this.#restless.size > 0) this.#lookAgain();
    this.#tellWaiting();
    if (this.#scanner.count === 0) this.#save();
  }

  /** What was refused, or could not be looked at, is tried once more. */
  rescan(): void {
    this.#rescan.begin();
    for (const [path, told] of this.#told) {
      if (told.isConfirmed && path !== UNITS) continue;
      this.#file.lift(told.key);
      this.#told.set(path, { ...told, key: '' });
    }
    this.look();
    this.#rescan.expect(this.#scanner.count);
    this.#rescan.onLeft(this.#scanner.count);
  }

  async cancel(): Promise<void> {
    this.#rescan.end('cancelled');
    await this.#scanner.end();
    this.#tellWaiting();
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#scanner.end();
    this.#save();
  }

  #lookAt(found: Found, nowMs: number, isQuiet: boolean): void {
    const { folder, path } = found;
    const bundle = readBundle(path);
    if (this.#told.get(path)?.key === bundle.key && !this.#restless.has(path)) return;
    const known = this.#file.known(bundle.key);
    if (known) {
      this.#restless.delete(path);
      this.#tell(bundle, folder, { classes: known, isConfirmed: true });
      return;
    }
    if (this.#settle.restMs(found, nowMs) > 0) {
      this.#restless.add(path);
      return;
    }
    this.#restless.delete(path);
    const refusal = this.#file.denied(bundle.key) ?? refusalOf(bundle);
    if (refusal) {
      this.#tell(bundle, folder, { refusal });
      return;
    }
    this.#tell(bundle, folder, { classes: classesOfModuleInfo(bundle.moduleInfo) });
    if (!isQuiet) this.#scanner.ask(bundle);
  }

  /** Until a child has ended nothing is known of them, also not from an engine before. */
  #lookAtUnits(isQuiet: boolean): void {
    const { components = componentFolders(), folders } = this.#options;
    const bundle = readUnits(String(this.#beganMs), components);
    const told = this.#told.get(UNITS);
    if (told?.key === bundle.key) return;
    const folder = folders.indexOf(UNITS);
    const refusal = this.#file.denied(bundle.key);
    if (refusal) this.#tell(bundle, folder, { refusal });
    // What was told before stands until the child has ended.
    else if (told) this.#told.set(UNITS, { ...told, key: bundle.key });
    else this.#tell(bundle, folder, {});
    if (!refusal && !isQuiet) this.#scanner.ask(bundle);
  }

  #onOutcome(bundle: Bundle, outcome: Outcome): void {
    if (this.#isEnded) return;
    // It went, or became another one, while it was looked at.
    const told = this.#told.get(bundle.path);
    if (told?.key === bundle.key) {
      const { folder } = told;
      if (outcome.t === 'classes') {
        this.#tell(bundle, folder, { classes: outcome.classes, isConfirmed: true });
      }
      if (outcome.t === 'refused') this.#tell(bundle, folder, { refusal: outcome.refusal });
    }
    if (outcome.t === 'noHost') {
      this.#trouble('the plug-in host could not be started', outcome.why);
      this.#rescan.end('failed', ERRORS.ERR_PLUGIN_HOST_MISSING.code);
      void this.#scanner.end();
    }
    this.#rescan.onLeft(this.#scanner.count);
    this.#tellWaiting();
    if (this.#options.clock() - this.#savedMs >= SAVE_MS) this.#save();
  }

  #tell(
    { key, name, path }: Bundle,
    folder: number,
    about: Partial<Pick<BundleReport, 'classes' | 'isConfirmed' | 'refusal'>>,
  ): void {
    const { classes = [], isConfirmed = false, refusal = null } = about;
    this.#told.set(path, { key, folder, isConfirmed });
    this.#options.tell({
      t: 'bundle',
      bundle: { path, folder, name, classes, isConfirmed, refusal },
    });
  }

  #lose(path: string): void {
    this.#told.delete(path);
    this.#restless.delete(path);
    this.#settle.forget(path);
    this.#scanner.forget(path);
    this.#options.tell({ t: 'gone', path });
  }

  #lookAgain(): void {
    if (this.#isLookPlanned) return;
    this.#isLookPlanned = true;
    this.#options.later(LOOK_MS, () => {
      this.#isLookPlanned = false;
      this.look();
    });
  }

  #tellWaiting(): void {
    const count = this.#scanner.count + this.#restless.size;
    if (count === this.#waiting) return;
    this.#waiting = count;
    this.#options.tell({ t: 'waiting', count });
  }

  #trouble(what: string, why: string): void {
    this.#options.tell({ t: 'trouble', what, why });
  }

  #save(): void {
    this.#savedMs = this.#options.clock();
    try {
      this.#file.save();
    } catch (error) {
      this.#trouble('the list of plug-ins could not be written', String(error));
    }
  }
}

/** What needs no child to be seen. */
const refusalOf = ({ binary }: Bundle): Refusal | null => {
  if (binary === null) return { code: ERRORS.ERR_PLUGIN_FOREIGN.code, detail: '' };
  try {
    return isWhole(binary) ? null : { code: UNREADABLE, detail: 'its file is cut off' };
  } catch (error) {
    return { code: UNREADABLE, detail: error instanceof Error ? error.message : String(error) };
  }
};
