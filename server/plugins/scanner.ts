/** Looks at bundles, two at a time, each in a child of its own; what is denied first is kept on disk. */
import { LIMITS } from '../../protocol/limits.ts';
import type { Bundle } from './bundle.ts';
import type { Outcome, ScanChild } from './scan-child.ts';
import type { ScanFile } from './scan-file.ts';

export interface ScannerOptions {
  readonly file: ScanFile;
  start(bundlePath: string): ScanChild;
  /** Told after the file knows it. */
  onOutcome(bundle: Bundle, outcome: Outcome): void;
  /** The disk did not take what must be there before a child starts: it does not start. */
  onTrouble(bundle: Bundle, error: unknown): void;
  /** Nothing runs and nothing waits any more. */
  onIdle(): void;
}

export class Scanner {
  readonly #options: ScannerOptions;
  /** By path, in the order in which they were asked for. */
  readonly #waiting = new Map<string, Bundle>();
  readonly #running = new Map<string, { readonly key: string; readonly child: ScanChild }>();

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#waiting.size + this.#running.size;
  }

  /** In the place of what was asked for that path before. */
  ask(bundle: Bundle): void {
    if (this.#running.get(bundle.path)?.key === bundle.key) return;
    this.#waiting.set(bundle.path, bundle);
    this.#fill();
  }

  forget(path: string): void {
    this.#waiting.delete(path);
  }

  /** Nothing is begun any more, and what runs is ended and not blamed. */
  async end(): Promise<void> {
    this.#waiting.clear();
    const running = [...this.#running.values()];
    for (const { child } of running) child.end();
    await Promise.all(running.map(({ child }) => child.outcome));
  }

  #fill(): void {
    for (const [path, bundle] of this.#waiting) {
      if (this.#running.size >= LIMITS.pluginScansAtOnce) return;
      if (this.#running.has(path)) continue;
      this.#waiting.delete(path);
      this.#begin(bundle);
    }
    if (this.count === 0) this.#options.onIdle();
  }

  #begin(bundle: Bundle): void {
    const { file, onTrouble, start } = this.#options;
    try {
      file.intend(bundle.key, bundle.path);
    } catch (error) {
      file.lift(bundle.key);
      onTrouble(bundle, error);
      return;
    }
    const child = start(bundle.path);
    this.#running.set(bundle.path, { key: bundle.key, child });
    void child.outcome.then((outcome) => this.#take(bundle, outcome));
  }

  #take(bundle: Bundle, outcome: Outcome): void {
    const { file, onOutcome, onTrouble } = this.#options;
    this.#running.delete(bundle.path);
    try {
      if (outcome.t === 'classes') file.know(bundle.key, outcome.classes);
      else if (outcome.t === 'refused') file.deny(bundle.key, bundle.path, outcome.refusal);
      else file.lift(bundle.key);
    } catch (error) {
      onTrouble(bundle, error);
    }
    onOutcome(bundle, outcome);
    this.#fill();
  }
}
