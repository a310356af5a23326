/**
 * Brings a sound into the core's memory and calls back when it is there or cannot be.
 *
 * A take is read: its own file first, then the spool; one that is in neither yet is tried again when
 * its window has reached the disk. Frames of the past are found by the core. A sound made of others is
 * read out of its cache, or rendered once those are in memory.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import type { CoreEvent, CorePort, CoreTakeSource } from '../core/port.ts';
import { idOfWords } from '../core/ids.ts';
import type { SoundCache } from './sound-cache.ts';
import type { Making, Sounds } from './sounds.ts';
import type { Takes } from '../takes/takes.ts';

/** @param code Why it cannot be had; 0 = it is in memory. */
export type LoadDone = (isLoaded: boolean, code: number) => void;

interface Load {
  readonly left: CoreTakeSource[];
  /** All places failed, but the spool will hold this take soon. */
  waitsForTake: string | null;
  /** What it is made of was dropped from memory before it was rendered; once is bad luck. */
  retriesLeft: number;
  /** What was asked for is the file of a render. */
  isCached: boolean;
  readonly done: LoadDone[];
}

const { code: UNREADABLE } = ERRORS.ERR_TAKE_UNREADABLE;
const { code: NOT_LOADED } = ERRORS.ERR_TAKE_NOT_LOADED;

export class TakeLoader {
  readonly #core: CorePort;
  readonly #takes: Takes;
  readonly #sounds: Sounds;
  readonly #cache: SoundCache;
  readonly #loads = new Map<string, Load>();

  constructor(core: CorePort, takes: Takes, sounds: Sounds, cache: SoundCache) {
    this.#core = core;
    this.#takes = takes;
    this.#sounds = sounds;
    this.#cache = cache;
  }

  load(id: string, done: LoadDone): void {
    const running = this.#loads.get(id);
    if (running) {
      running.done.push(done);
      return;
    }
    const load: Load = {
      left: [],
      waitsForTake: null,
      retriesLeft: 1,
      isCached: false,
      done: [done],
    };
    this.#loads.set(id, load);
    this.#begin(id, load);
  }

  /** @param done Gets what is not there and why; of these, what may still come after `msMax`. */
  loadAll(
    ids: readonly string[],
    msMax: number,
    done: (failed: ReadonlyMap<string, number>, late: ReadonlySet<string>) => void,
  ): void {
    const open = new Set(ids);
    const failed = new Map<string, number>();
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      const late = new Set(open);
      for (const id of late) failed.set(id, NOT_LOADED);
      done(failed, late);
    };
    const timer = setTimeout(end, msMax);
    for (const id of new Set(ids)) {
      this.load(id, (isLoaded, code) => {
        open.delete(id);
        if (!isLoaded && !isOver) failed.set(id, code);
        if (open.size === 0) end();
      });
    }
    if (open.size === 0) end();
  }

  /** @param tell Hears of each whether it has come after all. */
  follow(ids: ReadonlySet<string>, tell: (id: string, isLoaded: boolean) => void): void {
    for (const id of ids) this.load(id, (isLoaded) => tell(id, isLoaded));
  }

  onLoaded(event: CoreEvent): void {
    const id = idOfWords(event.id);
    const load = this.#loads.get(id);
    if (!load || load.waitsForTake !== null) return;
    const making = this.#sounds.making(id);
    if (event.code === 0) {
      this.#end(id, load, 0);
    } else if (load.isCached && making?.kind === 'render') {
      load.isCached = false;
      // What could not be read this time may be as good as ever.
      if (event.code === UNREADABLE) this.#cache.dropBad(id);
      this.#gather(id, load, making);
    } else if (making?.kind === 'read') {
      this.#next(id, load, making.takeId);
    } else if (event.code === NOT_LOADED && load.retriesLeft > 0) {
      load.retriesLeft -= 1;
      this.#begin(id, load);
    } else {
      this.#end(id, load, event.code);
    }
  }

  /** The take's window is on disk now. */
  onDurable(takeId: string): void {
    for (const [id, load] of this.#loads) {
      if (load.waitsForTake !== takeId) continue;
      load.waitsForTake = null;
      this.#begin(id, load);
    }
  }

  #begin(id: string, load: Load): void {
    const making = this.#sounds.making(id);
    if (!making) {
      this.#end(id, load, UNREADABLE);
    } else if (making.kind === 'read') {
      load.left.push(...making.sources);
      this.#next(id, load, making.takeId);
    } else if (making.kind === 'keep') {
      const refusal = this.#core.keepTake(making.range);
      if (refusal !== 0) this.#end(id, load, refusal);
    } else {
      const cached = this.#cache.source(id, making.recipe);
      load.isCached = cached !== null && this.#core.loadTake(cached) === 0;
      if (!load.isCached) this.#gather(id, load, making);
    }
  }

  #next(id: string, load: Load, takeId: string | null): void {
    for (let source = load.left.shift(); source; source = load.left.shift()) {
      if (this.#core.loadTake(source) === 0) return;
    }
    const isComing = takeId !== null && this.#takes.has(takeId) && !this.#takes.isDurable(takeId);
    if (isComing) load.waitsForTake = takeId;
    else this.#end(id, load, UNREADABLE);
  }

  #gather(id: string, load: Load, making: Extract<Making, { kind: 'render' }>): void {
    let open = making.needs.length;
    let failure = 0;
    for (const need of making.needs) {
      this.load(need, (isLoaded, code) => {
        open -= 1;
        if (!isLoaded) failure = code;
        if (open > 0) return;
        const refusal =
          failure === 0 ? this.#core.renderTake(making.recipe, making.parts) : failure;
        if (refusal !== 0) this.#end(id, load, refusal);
      });
    }
  }

  #end(id: string, load: Load, code: number): void {
    this.#loads.delete(id);
    for (const done of load.done) done(code === 0, code);
  }
}
