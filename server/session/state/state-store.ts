/**
 * The state at its revision, and what leaves for the clients.
 *
 * Revisions count from 1 in an epoch. Changes are gathered: sent at once after 16 ms of quiet, else
 * every 16 ms, as one patch that makes one revision; as a full state when it exceeds 16 KB. That a
 * loop is saved waits for no quiet: there is one such change for each capture.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { PatchOp } from '../../../protocol/messages.ts';
import type { AppState } from '../../../protocol/state.ts';
import type { SessionEvent } from './events.ts';
import { operationsOf } from './patches.ts';
import { reduceWithPatches } from './reduce.ts';

export interface StateStoreOptions {
  readonly epoch: string;
  readonly initial: AppState;
  /** Milliseconds since engine start. */
  now(): number;
  /** The bar phase at this moment, for full states. */
  barPhase(): number;
  emit(message: ToGateway): void;
}

const encoder = new TextEncoder();

export class StateStore {
  readonly #options: StateStoreOptions;
  #state: AppState;
  #revision = 1;
  #ops: PatchOp[] = [];
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #afterSend: (() => void)[] = [];

  constructor(options: StateStoreOptions) {
    this.#options = options;
    this.#state = options.initial;
  }

  /** As after the last event; `meta.revisionId` and `meta.serverTime` are set only in what is sent. */
  get state(): AppState {
    return this.#state;
  }

  get revision(): number {
    return this.#revision;
  }

  apply(event: SessionEvent): void {
    const before = this.#state;
    const { state, patches } = reduceWithPatches(before, event);
    if (patches.length === 0) return;
    this.#state = state;
    this.#ops.push(...operationsOf(patches, before, state));
    this.#schedule(event.t === 'saved');
  }

  /** Calls back with the first revision that contains everything applied so far, once it was sent. */
  whenSent(done: (revision: number) => void): void {
    if (this.#ops.length === 0) done(this.#revision);
    else this.#afterSend.push(() => done(this.#revision));
  }

  /**
   * The whole state, with what waits to be sent in it; the caller sends it at once. Whoever waits for
   * a revision is told after that.
   */
  full(): ToGateway {
    this.#take();
    queueMicrotask(() => this.#tellWaiting());
    return this.#full();
  }

  flush(): void {
    const ops = this.#take();
    if (ops.length === 0) return;
    this.#options.emit(this.#message(ops));
    this.#tellWaiting();
  }

  /** What waits, as a new revision. */
  #take(): PatchOp[] {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const ops = this.#ops;
    if (ops.length === 0) return ops;
    this.#ops = [];
    this.#revision += 1;
    this.#lastSentMs = this.#options.now();
    return ops;
  }

  #tellWaiting(): void {
    if (this.#ops.length > 0) return;
    const waiting = this.#afterSend;
    this.#afterSend = [];
    for (const done of waiting) done();
  }

  #message(ops: PatchOp[]): ToGateway {
    const bytes = encoder.encode(JSON.stringify(ops)).length;
    if (bytes > LIMITS.patchBytesMax || ops.some((op) => op.path === '')) return this.#full();
    const revId = this.#revision;
    return { t: 'patch', epoch: this.#options.epoch, fromRev: revId - 1, revId, ops };
  }

  #full(): ToGateway {
    const { meta, transport } = this.#state;
    const data: AppState = {
      ...this.#state,
      meta: { ...meta, revisionId: this.#revision, serverTime: this.#options.now() },
      transport: { ...transport, barPhase: this.#options.barPhase() },
    };
    return { t: 'full', epoch: this.#options.epoch, data };
  }

  #schedule(isUrgent: boolean): void {
    if (this.#timer && !isUrgent) return;
    if (this.#timer) clearTimeout(this.#timer);
    const quietMs = this.#options.now() - this.#lastSentMs;
    // Not within this call: what belongs to the same event goes into the same patch.
    const waitMs = isUrgent ? 0 : Math.max(0, LIMITS.patchQuietMs - quietMs);
    this.#timer = setTimeout(() => this.flush(), waitMs);
  }
}
