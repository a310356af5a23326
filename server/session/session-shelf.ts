/**
 * Sessions beside the one that is open: found in the store, opened, named.
 *
 * One that was open in this engine's life is kept in memory: the store may not hold its newest riff
 * yet. Takes of all of them live side by side; what the slots play and where the history stands is
 * of the open one alone.
 */
import type { Rack } from './chains/rack.ts';
import type { SessionContext } from './context.ts';
import type { History } from './riffs/history.ts';
import { SafeHead, type SafeMove } from './riffs/safe-head.ts';
import { mixOf, slotId } from './state/initial-state.ts';
import { historyOf, loadSession, restoreTakes, rootRiff } from './load-session.ts';
import type { MixKeeper } from './state/mix-keeper.ts';
import type { StoreReader } from './store/client.ts';
import type { SessionFate } from './store/stored.ts';
import type { MixDocument } from './store/write-requests.ts';
import type { Takes } from './takes/takes.ts';

export interface KeptSession {
  readonly id: string;
  readonly name: string;
  readonly history: History;
  /** As it was left; null for one in which nothing was touched. */
  readonly mix: MixDocument | null;
  /** The store has no riff of it. */
  readonly isNew: boolean;
  /** Where its head went since the store was told; absent = nowhere. */
  readonly moves?: readonly SafeMove[];
}

export interface SessionShelfOptions {
  /** Fails when it does not answer in time. */
  readonly store: StoreReader;
  readonly takes: Takes;
  readonly rack: Rack;
  readonly mix: MixKeeper;
  newId(): string;
}

export class SessionShelf {
  readonly #options: SessionShelfOptions;
  readonly #kept = new Map<string, KeptSession>();

  constructor(options: SessionShelfOptions) {
    this.#options = options;
  }

  /** Null when there is none; fails when the store does not answer. */
  async find(id: string): Promise<KeptSession | null> {
    const kept = this.#kept.get(id) ?? (await this.#load(id));
    if (kept) this.#kept.set(id, kept);
    return kept;
  }

  async has(id: string): Promise<boolean> {
    const { store } = this.#options;
    const isKept = this.#kept.has(id);
    return isKept || (await store.read({ kind: 'session', sessionId: id })) !== null;
  }

  /** From now on everything is about this session; the one that is left is kept as it is. */
  enter(context: SessionContext, session: KeptSession, gridShift: number): void {
    const { mix, newId } = this.#options;
    const { log, state } = context;
    mix.flush();
    const { sessionId: leftId, sessionName: name } = state.meta;
    const left = { id: leftId, name, history: context.history, mix: mixOf(state), isNew: false };
    this.#kept.set(leftId, left);
    this.#kept.delete(session.id);
    const { history, id: sessionId, mix: asLeft } = session;
    context.history = history;
    context.gridShift = gridShift;
    const opening = { sessionId, gridShift, atMs: context.wallClock(), openId: newId() };
    if (session.isNew) {
      const { root } = history;
      log.add({ kind: 'newSession', ...opening, name: session.name, root, moveId: newId() });
    } else {
      log.add({ kind: 'openSession', ...opening });
    }
    const { atMs } = opening;
    for (const move of session.moves ?? []) {
      log.add({ kind: 'head', sessionId, gridShift, atMs, moveId: newId(), ...move });
    }
    mix.open(asLeft);
    context.apply({
      t: 'session',
      sessionId,
      name: session.name,
      slots: state.slots.map((_, slot) => ({
        id: slotId(sessionId, slot),
        name: asLeft?.slots[slot]?.name ?? '',
      })),
      loopBars: asLeft?.loopBars ?? state.transport.loopBars,
      history: history.view(),
    });
  }

  /** As many riffs as it holds by now, also those on their way into the store. */
  async fate(id: string): Promise<SessionFate | null> {
    const fate = await this.#options.store.read({ kind: 'sessionFate', sessionId: id });
    const kept = this.#kept.get(id);
    return kept ? { riffs: kept.history.count - 1, removedMs: null } : fate;
  }

  remove(context: SessionContext, id: string): void {
    this.#kept.delete(id);
    context.log.add({ kind: 'removeSession', sessionId: id, atMs: context.wallClock() });
  }

  rename(context: SessionContext, id: string, name: string): void {
    const kept = this.#kept.get(id);
    if (kept) this.#kept.set(id, { ...kept, name });
    if (id === context.state.meta.sessionId) context.apply({ t: 'sessionName', name });
    context.log.add({ kind: 'sessionName', sessionId: id, name });
  }

  async #load(id: string): Promise<KeptSession | null> {
    const { newId, rack, store, takes } = this.#options;
    const stored = await store.read({ kind: 'session', sessionId: id });
    if (!stored) return null;
    const loaded = await loadSession(store, stored);
    restoreTakes(loaded, takes);
    for (const plugin of loaded.plugins) rack.add(plugin);
    const { head, mix, sessionName: name } = stored;
    const history = historyOf(loaded, takes, () => rootRiff(newId(), 0, mix?.bpm ?? 120));
    // A start that loaded no loop by itself may have left it bare; here it was asked for.
    const moves = new SafeHead(loaded.moves, history).stand(false);
    return { id, name, history, mix, isNew: head === null, moves };
  }
}
