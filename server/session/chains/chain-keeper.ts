/**
 * What goes through which plug-ins: the records that say so, and the ones that follow when a plug-in
 * has been loaded.
 *
 * A chain is always set with those of its plug-ins that are loaded; what is missing is asked for, and
 * the chain is set anew when it is there. So nothing waits for a plug-in, and a loop plays without it.
 */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { AppState, Place } from '../../../protocol/state.ts';
import type { CorePlugins } from '../core/plugins.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import type { SessionEvent } from '../state/events.ts';
import { wordsOfId } from '../core/ids.ts';
import { done, type Outcome, type Record, type Step, steps } from '../commands/plan.ts';
import { type Chain, NO_CHAIN, sameChain } from '../riffs/riff.ts';
import type { Rack } from './rack.ts';

export interface ChainKeeperOptions {
  readonly core: CorePlugins;
  readonly rack: Rack;
  readonly dispatcher: Dispatcher;
  state(): AppState;
  newId(): string;
  apply(event: SessionEvent): void;
  /** A chain could not be made, for this reason: its sound goes round it. */
  onUnmade(place: Place, code: number): void;
}

export const chainAt = (state: AppState, place: Place): Chain =>
  place === 'input' ? state.inputChain : (state.slots[place]?.pluginChain ?? NO_CHAIN);

/** Sources and slots are counted apart; what the player plays is source 0. */
const about = (place: Place) =>
  place === 'input' ? { slot: 0, flags: COMMAND_FLAGS.input } : { slot: place, flags: 0 };

const NOTHING = [0, 0, 0, 0];

const MARK: Record = { kind: COMMAND_KIND.mark };

const AT_ONCE = {
  inLane: true,
  atFrame: 0,
  isFarAhead: false,
  loadMsMax: 0,
  isPartial: false,
  first: [],
  ok: () => undefined,
} as const;

export interface MadeChain {
  readonly step: Step;
  /** 0, or why the sound goes round its plug-ins. */
  readonly code: number;
}

export class ChainKeeper {
  readonly #options: ChainKeeperOptions;
  /** What the core was last told: those that were loaded. */
  readonly #set = new Map<Place, Chain>();
  /** How late the chain of a place is heard, in frames, as the core said when it was set. */
  readonly #lateFrames = new Map<Place, number>();
  /** Places that are to be set anew, whatever they were set to. */
  readonly #due = new Set<Place>();

  constructor(options: ChainKeeperOptions) {
    this.#options = options;
  }

  /** Whether this place had a chain since the engine began. */
  hadChain(place: Place): boolean {
    return this.#set.has(place);
  }

  /** How much later than it went in a place's sound is heard, in frames. */
  lateFrames(place: Place): number {
    return this.#lateFrames.get(place) ?? 0;
  }

  has(place: Place, id: string): boolean {
    return chainAt(this.#options.state(), place).includes(id);
  }

  /**
   * The sound of the place goes through these from the step's frame on.
   *
   * @param isSure Also when the core has it so already, as far as is known.
   */
  make(place: Place, wanted: Chain, isSure = false): MadeChain {
    const { rack } = this.#options;
    const chain = wanted.filter((id) => rack.has(id));
    if (!rack.isOff) for (const id of chain) rack.load(id);
    const loaded = chain.filter((id) => rack.isLoaded(id));
    const { code, record } = this.#record(place, loaded, isSure);
    return {
      code,
      step: {
        record,
        applied: ({ value }) => {
          if (record !== MARK) {
            this.#set.set(place, code === 0 ? loaded : NO_CHAIN);
            this.#lateFrames.set(place, value);
          }
          this.#tell(place, chain);
          // Loaded since the record was on its way.
          const isLate = !sameChain(
            loaded,
            chain.filter((id) => rack.isLoaded(id)),
          );
          if (isLate) this.remake(place);
        },
      },
    };
  }

  /** As `make`, and what could not be made is told. */
  step(place: Place, wanted: Chain, isSure = false): Step {
    const { code, step } = this.make(place, wanted, isSure);
    if (code !== 0) this.#options.onUnmade(place, code);
    return step;
  }

  /** The chain is set anew: one of its plug-ins has been loaded, or is as late as it was not. */
  remake(place: Place): void {
    if (this.#due.has(place)) return;
    this.#due.add(place);
    this.#options.dispatcher.run({
      ...AT_ONCE,
      plan: () => this.#remade(place),
      fail: (code) => this.#options.onUnmade(place, code),
    });
  }

  #remade(place: Place): Outcome {
    this.#due.delete(place);
    const chain = chainAt(this.#options.state(), place);
    return chain.length === 0 ? done : steps(this.step(place, chain, true));
  }

  #record(place: Place, loaded: Chain, isSure: boolean): { record: Record; code: number } {
    const { core, newId } = this.#options;
    const isAsItIs = sameChain(loaded, this.#set.get(place) ?? NO_CHAIN);
    if (isAsItIs && !isSure) return { record: MARK, code: 0 };
    const kind = COMMAND_KIND.chainSet;
    const none = { record: { kind, ...about(place), id: NOTHING }, code: 0 };
    if (loaded.length === 0) return none;
    const id = wordsOfId(newId());
    const plugins = loaded.map(wordsOfId);
    const code = core.makeChain({ id, isInput: place === 'input', plugins });
    return code === 0 ? { record: { ...none.record, id }, code } : { ...none, code };
  }

  #tell(place: Place, chain: Chain): void {
    const { apply, rack, state } = this.#options;
    const gone = chainAt(state(), place).filter((id) => !chain.includes(id));
    for (const id of chain) rack.place(id, place);
    apply({ t: 'chain', place, chain });
    // In the same group another chain may take them up.
    if (gone.length > 0) queueMicrotask(() => this.#release(gone));
  }

  #release(gone: Chain): void {
    const { rack, state } = this.#options;
    for (const id of gone) {
      const where = rack.where(id);
      if (where === null || chainAt(state(), where).includes(id)) continue;
      rack.release(id);
    }
  }
}
