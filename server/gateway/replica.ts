/**
 * The state at one revision, kept from the engine's patches.
 *
 * A client that joins gets exactly the revision that the next patch follows. A patch that does not
 * fit makes the replica blind until the next full state; blind, it gives nobody anything.
 */
import { applyPatch, type Operation } from 'rfc6902';
import type { PatchOp } from '../../protocol/messages.ts';
import type { AppState } from '../../protocol/state.ts';

export interface Patch {
  readonly epoch: string;
  readonly fromRev: number;
  readonly revId: number;
  readonly ops: readonly PatchOp[];
}

/** What moves between revisions and is told afresh with each full state. */
export interface LiveClock {
  readonly serverTimeMs: number;
  readonly barPhase: number;
}

/** Applies in place; a path that leads nowhere is a failure, a path that is none throws. */
const canApply = (state: AppState, ops: readonly PatchOp[]): boolean => {
  try {
    return applyPatch(state, ops as Operation[]).every((failure) => failure === null);
  } catch {
    return false;
  }
};

export class Replica {
  #state: AppState | null = null;
  #epoch = '';
  #isBlind = true;

  /** Of the newest state, '' before the first. */
  get epoch(): string {
    return this.#epoch;
  }

  get revId(): number {
    return this.#state?.meta.revisionId ?? 0;
  }

  /** True while the next patch is expected to follow `revId`. */
  get isCurrent(): boolean {
    return !this.#isBlind;
  }

  /** Null before the first full state. Not a copy. */
  get state(): AppState | null {
    return this.#state;
  }

  matches(epoch: string | undefined, revId: number | undefined): boolean {
    return this.isCurrent && epoch === this.#epoch && revId === this.revId;
  }

  /** The next thing must be a full state: another engine, or a link that lost something. */
  goBlind(): void {
    this.#isBlind = true;
  }

  /** True when those who followed every patch so far need this state too. */
  replace(epoch: string, state: AppState): boolean {
    const isNew = this.#isBlind || !this.matches(epoch, state.meta.revisionId);
    this.#epoch = epoch;
    this.#state = state;
    this.#isBlind = false;
    return isNew;
  }

  /** False when the patch does not follow: then the replica is blind. */
  apply(patch: Patch): boolean {
    const state = this.#state;
    if (state === null || !this.matches(patch.epoch, patch.fromRev)) {
      this.goBlind();
      return false;
    }
    if (!canApply(state, patch.ops)) {
      this.goBlind();
      return false;
    }
    state.meta.revisionId = patch.revId;
    return true;
  }

  /** The state with time and bar phase of now when they are known; null before the first. */
  stateAt(clock: LiveClock | null): AppState | null {
    const state = this.#state;
    if (state === null) return null;
    const { meta, transport } = state;
    const serverTime = Math.max(meta.serverTime, clock?.serverTimeMs ?? 0);
    const barPhase = clock?.barPhase ?? transport.barPhase;
    return { ...state, meta: { ...meta, serverTime }, transport: { ...transport, barPhase } };
  }

  /** STATE_FULL as text. */
  fullMessage(clock: LiveClock | null): string {
    const data = this.stateAt(clock);
    if (data === null) throw new Error('no state yet');
    return JSON.stringify({ type: 'STATE_FULL', epoch: this.#epoch, data });
  }
}
