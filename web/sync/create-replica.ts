/**
 * The session's state as this page holds it: a Solid store, made of full states and patches.
 *
 * A patch that does not follow on exactly, or that cannot be applied, asks for one full state; none is
 * applied until it has come, and it is asked for again when it does not. Full states are merged by id,
 * so that nodes survive under a finger.
 */
import { applyPatch, type Operation } from 'rfc6902';
import { createSignal } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { MessageOf } from '../../protocol/messages.ts';
import type { AppState } from '../../protocol/state.ts';
import { emptyState } from '../../protocol/empty-state.ts';

export interface Replica {
  readonly state: AppState;
  /** true once a full state has come; stays true while the line is down. */
  readonly isReady: () => boolean;
  readonly epoch: () => string;
  takeFull(message: MessageOf<'STATE_FULL'>): void;
  takePatch(message: MessageOf<'STATE_PATCH'>): void;
}

/** A question may be refused, as to a page that has just asked too much. */
const ASK_AGAIN_MS = 1000;

export const createReplica = (askForFull: () => void, nowMs: () => number): Replica => {
  const [store, setStore] = createStore<{ data: AppState }>({ data: emptyState() });
  const [isReady, setReady] = createSignal(false);
  const [epoch, setEpoch] = createSignal('');
  let askedMs: number | null = null;

  const ask = () => {
    if (askedMs !== null && nowMs() - askedMs < ASK_AGAIN_MS) return;
    askedMs = nowMs();
    askForFull();
  };

  return {
    get state() {
      return store.data;
    },
    isReady,
    epoch,
    takeFull({ epoch: from, data }) {
      askedMs = null;
      setStore('data', reconcile(data, { key: 'id' }));
      setEpoch(from);
      setReady(true);
    },
    takePatch({ epoch: from, fromRev, revId, ops }) {
      if (askedMs !== null) return ask();
      const revision = store.data.meta.revisionId;
      if (from === epoch() && revId <= revision) return;
      if (from !== epoch() || fromRev !== revision) return ask();
      let failed = ops.some((op) => op.path === '');
      setStore(
        produce((draft) => {
          if (failed) return;
          failed = applyPatch(draft.data, ops as Operation[]).some((error) => error !== null);
          if (!failed) draft.data.meta.revisionId = revId;
        }),
      );
      if (failed) ask();
    },
  };
};
