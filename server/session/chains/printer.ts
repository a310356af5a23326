/**
 * What plug-ins make of a loop, printed: it is played through copies of them that nobody hears.
 *
 * The copies are as the plug-ins are when they are made, and have a process of their own, so that the
 * music neither waits for them nor ends with them; they are gone when it is done. One loop is printed
 * after the other: what breaks a process breaks no other print.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { EVENT_KIND, PRINT_FLAGS } from '../../../protocol/abi.ts';
import type { CorePlugins } from '../core/plugins.ts';
import type { CoreEvent } from '../core/port.ts';
import { idOfWords, wordsOfId } from '../core/ids.ts';
import { MAKING_MS_MAX } from '../commands/plan.ts';
import type { Later } from '../time/in-time.ts';
import type { Chain } from '../riffs/riff.ts';
import { specOf } from './plugin-spec.ts';
import type { Rack } from './rack.ts';

export interface PrintWish {
  readonly chain: Chain;
  /** The sound of the loop. */
  readonly soundId: string;
  /** Of that sound. */
  readonly framesPerBeat: number;
  /** The beat on which its first frame lies. */
  readonly beat: number;
  readonly meter: { readonly beats: number; readonly unit: number };
  /** It becomes a take with files of its own; else it is in memory for half a minute. */
  readonly isKept: boolean;
}

/** Who waits for a print. */
export interface PrintWatch {
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
  /** Hears how far it is, 0…1, a few times a second. */
  onShare(share: number): void;
}

export interface PrinterOptions {
  readonly core: CorePlugins;
  readonly rack: Rack;
  readonly dataFolder: string;
  readonly later: Later;
  newId(): string;
  /** Brings a sound into memory; resolves with 0, or with the code why it cannot be had. */
  load(soundId: string): Promise<number>;
}

interface Copy {
  readonly id: string;
  /** Of what, as it is now. */
  readonly of: string;
  latencyFrames: number;
}

/** The copies of a print share a process; the name is what the list of processes shows. */
const GROUP = 'Printing';
/** Who loads for longer is not waited for; they load one after the other. */
const LOAD_MS_MAX = 12_000;
/** What is told of a copy comes sooner. */
const FORGET_MS = 60_000;
/** A plug-in that is later than it said has the loop printed anew so often. */
const TRIES = 3;

const { code: NOT_PRINTED } = ERRORS.ERR_PLUGINS_NOT_PRINTED;
const { code: NOT_LOADED } = ERRORS.ERR_TAKE_NOT_LOADED;

export class Printer {
  readonly #options: PrinterOptions;
  readonly #copies = new Map<string, Copy>();
  /** By id of a copy, or of what is printed. */
  readonly #waiting = new Map<string, (code: number) => void>();
  #printing: { readonly id: string; readonly onShare: PrintWatch['onShare'] } | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  /** False when it is about nothing of a print. */
  onEvent({ code, id: words, kind, value }: CoreEvent): boolean {
    const id = idOfWords(words);
    const copy = this.#copies.get(id);
    if (kind === EVENT_KIND.rendering && this.#printing?.id === id) {
      this.#printing.onShare(value);
      return true;
    }
    if (copy && kind === EVENT_KIND.pluginLoaded && code === 0) this.#onLatency(copy, value);
    const isAnswer = kind === EVENT_KIND.pluginLoaded || kind === EVENT_KIND.takeLoaded;
    // A copy may be told of before its answer: that its process was lost, and begun again.
    return (isAnswer && this.#tell(id, code)) || copy !== undefined;
  }

  /** The id of what was printed, a loop in memory; or the code why it could not be. */
  async print(wish: PrintWish, watch: PrintWatch): Promise<string | number> {
    const before = this.#last;
    const own = before.then(() => (watch.signal.aborted ? NOT_PRINTED : this.#print(wish, watch)));
    this.#last = own.catch(() => undefined);
    return own;
  }

  async #print(wish: PrintWish, watch: PrintWatch): Promise<string | number> {
    const { newId, rack } = this.#options;
    const code = await this.#sound(wish.soundId, watch.signal);
    if (code !== 0) return code;
    // What went wrong in the process of the print before counts for nobody.
    this.#count += 1;
    const known = wish.chain.filter((id) => rack.has(id));
    const copies = known.map((of): Copy => ({ id: newId(), of, latencyFrames: 0 }));
    try {
      const msMax = LOAD_MS_MAX * copies.length;
      const codes = await Promise.all(copies.map((copy) => this.#load(copy, msMax, watch.signal)));
      if (codes.some((failure) => failure !== 0)) return NOT_PRINTED;
      return await this.#printThrough(copies, wish, watch);
    } finally {
      for (const { id } of copies) this.#drop(id);
    }
  }

  /** Brought into memory: 0, or the code why not. */
  #sound(id: string, signal: AbortSignal): Promise<number> {
    const { later, load } = this.#options;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(NOT_PRINTED), { once: true });
      later(MAKING_MS_MAX, () => resolve(NOT_LOADED));
      load(id).then(resolve, reject);
    });
  }

  async #printThrough(
    copies: readonly Copy[],
    wish: PrintWish,
    watch: PrintWatch,
  ): Promise<string | number> {
    for (let tries = 0; tries < TRIES && !watch.signal.aborted; tries += 1) {
      const late = copies.map(({ latencyFrames }) => latencyFrames);
      const printed = await this.#printOnce(copies, wish, watch);
      const isAsLate = copies.every(({ latencyFrames }, index) => latencyFrames === late[index]);
      if (isAsLate) return printed;
    }
    return NOT_PRINTED;
  }

  async #printOnce(
    copies: readonly Copy[],
    wish: PrintWish,
    { onShare, signal }: PrintWatch,
  ): Promise<string | number> {
    const { core, newId } = this.#options;
    const chain = wordsOfId(newId());
    const plugins = copies.map(({ id }) => wordsOfId(id));
    if (core.makeChain({ id: chain, isInput: false, plugins }) !== 0) return NOT_PRINTED;
    const id = newId();
    this.#printing = { id, onShare };
    const order = {
      id: wordsOfId(id),
      loop: wordsOfId(wish.soundId),
      chain,
      framesPerBeat: wish.framesPerBeat,
      beat: wish.beat,
      beatsPerBar: wish.meter.beats,
      unit: wish.meter.unit,
      flags: wish.isKept ? PRINT_FLAGS.kept : 0,
    };
    const giveUp = () => void core.cancelPrint(order.id);
    const code = await this.#answer(id, signal, () => core.printLoop(order), giveUp);
    this.#printing = null;
    return code === 0 ? id : code;
  }

  /** As it is now, with what was turned since its newest state. */
  #load(copy: Copy, msMax: number, signal: AbortSignal): Promise<number> {
    const { core, dataFolder, later, rack } = this.#options;
    const { id } = copy;
    const stored = rack.stored(copy.of);
    if (!stored) return Promise.resolve(NOT_PRINTED);
    this.#copies.set(id, copy);
    const giveUp = () => void this.#tell(id, NOT_PRINTED);
    const ask = () => {
      later(msMax, giveUp);
      const like = wordsOfId(copy.of);
      return core.loadPlugin({
        ...specOf({ ...stored, id }, dataFolder),
        group: `${GROUP} ${this.#count}`,
        like,
      });
    };
    return this.#answer(id, signal, ask, giveUp);
  }

  #drop(id: string): void {
    const { core, later } = this.#options;
    core.unloadPlugin(wordsOfId(id));
    this.#waiting.delete(id);
    later(FORGET_MS, () => this.#copies.delete(id));
  }

  /** What is printed while a plug-in changes its latency lies beside its place. */
  #onLatency(copy: Copy, latencyFrames: number): void {
    const isOther = copy.latencyFrames !== latencyFrames;
    copy.latencyFrames = latencyFrames;
    if (isOther && this.#printing) this.#options.core.cancelPrint(wordsOfId(this.#printing.id));
  }

  /** Resolves with the code of its answer, at once with that of a refusal. */
  #answer(id: string, signal: AbortSignal, ask: () => number, giveUp: () => void): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(id, (code) => {
        signal.removeEventListener('abort', giveUp);
        resolve(code);
      });
      signal.addEventListener('abort', giveUp, { once: true });
      const refusal = signal.aborted ? NOT_PRINTED : ask();
      if (refusal !== 0) this.#tell(id, refusal);
    });
  }

  /** False when nobody waits for it. */
  #tell(id: string, code: number): boolean {
    const tell = this.#waiting.get(id);
    this.#waiting.delete(id);
    tell?.(code);
    return tell !== undefined;
  }
}
