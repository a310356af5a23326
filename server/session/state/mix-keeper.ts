/**
 * Writes mixer and settings behind: a quarter of a second after a change, before a step, and at the end.
 *
 * What the store remembers of slots beyond the last one stays as it was, for a start with more; so does
 * what it remembers of other devices.
 */
import type { AppState } from '../../../protocol/state.ts';
import { mixOf } from './initial-state.ts';
import type { MixDocument } from '../store/write-requests.ts';

const BEHIND_MS = 250;

export class MixKeeper {
  readonly #write: (mix: MixDocument) => void;
  #beyond: MixDocument['slots'];
  #inputs: MixDocument['inputs'];
  #state: AppState;
  /** Null = nothing of this session. */
  #written: MixDocument | null;
  #timer: NodeJS.Timeout | null = null;

  constructor(initial: AppState, stored: MixDocument | null, write: (mix: MixDocument) => void) {
    this.#write = write;
    this.#beyond = stored?.slots.slice(initial.slots.length) ?? [];
    this.#inputs = stored?.inputs;
    this.#state = initial;
    this.#written = this.#mix();
  }

  onState(state: AppState): void {
    const { slots, sources, transport } = this.#state;
    this.#state = state;
    const isSame =
      state.slots === slots && state.sources === sources && state.transport === transport;
    if (!isSame) this.#timer ??= setTimeout(() => this.flush(), BEHIND_MS);
  }

  flush(state = this.#state): void {
    this.#state = state;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const mix = this.#mix();
    if (Bun.deepEquals(mix, this.#written)) return;
    this.#written = mix;
    this.#write(mix);
  }

  /** Another session is open: what is written from now on is its own. */
  open(stored: MixDocument | null): void {
    this.#beyond = stored?.slots.slice(this.#state.slots.length) ?? [];
    this.#inputs = { ...this.#inputs, ...stored?.inputs };
    this.#written = null;
  }

  #mix(): MixDocument {
    const mix = mixOf(this.#state);
    return {
      ...mix,
      slots: [...mix.slots, ...this.#beyond],
      inputs: { ...this.#inputs, ...mix.inputs },
    };
  }
}
