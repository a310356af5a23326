/**
 * Brings a take into the core's memory and calls back when it is there or cannot be.
 *
 * Tries a take's own file first, then the spool. A take that is in neither yet is tried again when
 * its window has reached the disk.
 */
import type { CoreEvent, CorePort, CoreTakeSource } from './core-port.ts';
import { idOfWords } from './ids.ts';
import type { Takes } from './takes.ts';

interface Load {
  readonly left: CoreTakeSource[];
  /** All places failed, but the spool will hold it soon. */
  waitsForDisk: boolean;
  readonly done: ((isLoaded: boolean) => void)[];
}

export class TakeLoader {
  readonly #core: CorePort;
  readonly #takes: Takes;
  readonly #loads = new Map<string, Load>();

  constructor(core: CorePort, takes: Takes) {
    this.#core = core;
    this.#takes = takes;
  }

  load(id: string, done: (isLoaded: boolean) => void): void {
    const running = this.#loads.get(id);
    if (running) {
      running.done.push(done);
      return;
    }
    const load = { left: this.#takes.sources(id), waitsForDisk: false, done: [done] };
    this.#loads.set(id, load);
    this.#next(id, load);
  }

  onLoaded(event: CoreEvent): void {
    const id = idOfWords(event.id);
    const load = this.#loads.get(id);
    if (!load || load.waitsForDisk) return;
    if (event.code === 0) this.#end(id, load, true);
    else this.#next(id, load);
  }

  /** The take's window is on disk now. */
  onDurable(id: string): void {
    const load = this.#loads.get(id);
    if (!load?.waitsForDisk) return;
    load.waitsForDisk = false;
    load.left.push(...this.#takes.sources(id));
    this.#next(id, load);
  }

  #next(id: string, load: Load): void {
    for (let source = load.left.shift(); source; source = load.left.shift()) {
      if (this.#core.loadTake(source) === 0) return;
    }
    if (this.#takes.has(id) && !this.#takes.isDurable(id)) load.waitsForDisk = true;
    else this.#end(id, load, false);
  }

  #end(id: string, load: Load, isLoaded: boolean): void {
    this.#loads.delete(id);
    for (const done of load.done) done(isLoaded);
  }
}
