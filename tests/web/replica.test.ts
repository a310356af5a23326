import { describe, expect, test } from 'bun:test';
import { createEffect, createRoot } from 'solid-js';
import { produceWithPatches, enablePatches } from 'immer';
import type { MessageOf } from '../../protocol/messages.ts';
import type { AppState } from '../../protocol/state.ts';
import { createReplica, type Replica } from '../../web/sync/create-replica.ts';
import { at } from '../support/at.ts';
import { fullScene } from '../support/fixture/scene.ts';
import { makeRandom } from '../support/random.ts';
import { printedSeed } from '../support/seed.ts';

enablePatches();
const EPOCH = 'e1';

const makeServer = () => {
  let state = fullScene(0, 0);
  const full = (): MessageOf<'STATE_FULL'> => ({
    type: 'STATE_FULL',
    epoch: EPOCH,
    data: structuredClone(state),
  });
  const change = (recipe: (draft: AppState) => void): MessageOf<'STATE_PATCH'> => {
    const fromRev = state.meta.revisionId;
    const [next, patches] = produceWithPatches(state, (draft) => {
      recipe(draft as AppState);
    });
    state = { ...next, meta: { ...next.meta, revisionId: fromRev + 1 } };
    const ops = patches.map(({ op, path, value }) => ({
      op,
      path: path.map((part) => `/${part}`).join(''),
      value,
    }));
    return { type: 'STATE_PATCH', epoch: EPOCH, fromRev, revId: fromRev + 1, ops };
  };
  return { full, change, state: () => state };
};

const setVolume = (draft: AppState, slot: number, volume: number) => {
  at(draft.slots, slot).volume = volume;
};

const inRoot = (run: (replica: Replica, asked: () => number, clock: { ms: number }) => void) =>
  createRoot((dispose) => {
    let asked = 0;
    const clock = { ms: 0 };
    const replica = createReplica(
      () => {
        asked++;
      },
      () => clock.ms,
    );
    run(replica, () => asked, clock);
    dispose();
  });

const plain = (replica: Replica) => JSON.parse(JSON.stringify(replica.state)) as AppState;

describe('the replica', () => {
  test('equals the server after random changes', () => {
    const random = makeRandom(printedSeed());
    inRoot((replica, asked) => {
      const server = makeServer();
      replica.takeFull(server.full());
      for (let n = 0; n < 300; n++) {
        const slot = Math.floor(random() * 8);
        const kind = Math.floor(random() * 5);
        replica.takePatch(
          server.change((draft) => {
            const one = draft.slots[slot];
            if (!one) return;
            if (kind === 0) one.volume = random();
            if (kind === 1) one.pending = { kind: 'mute', atFrame: n, takeId: null, bars: 0 };
            if (kind === 2) one.pending = null;
            if (kind === 3) draft.alerts[`a${n % 3}`] = { code: 2001, sinceMs: n, count: 1 };
            if (kind === 4)
              draft.history.newest.unshift({ ...at(draft.history.newest, 0), id: `r${n}` });
          }),
        );
      }
      expect(plain(replica)).toEqual(server.state());
      expect(asked()).toBe(0);
    });
  });

  test('one volume runs one effect, not those of other slots', () => {
    const server = makeServer();
    const runs = [0, 0];
    const { replica, dispose } = createRoot((end) => {
      const made = createReplica(
        () => undefined,
        () => 0,
      );
      made.takeFull(server.full());
      for (const slot of [0, 1]) {
        createEffect(() => {
          if (made.state.slots[slot]?.volume !== undefined) runs[slot] = (runs[slot] ?? 0) + 1;
        });
      }
      return { replica: made, dispose: end };
    });
    expect(runs).toEqual([1, 1]);
    replica.takePatch(server.change((draft) => setVolume(draft, 1, 0.11)));
    expect(runs).toEqual([1, 2]);
    dispose();
  });

  test.each([
    ['a missed revision', (m: MessageOf<'STATE_PATCH'>) => ({ ...m, fromRev: 7, revId: 8 })],
    ['another epoch', (m: MessageOf<'STATE_PATCH'>) => ({ ...m, epoch: 'e2' })],
    [
      'a path that is not there',
      (m: MessageOf<'STATE_PATCH'>) => ({
        ...m,
        ops: [{ op: 'replace' as const, path: '/slots/99/volume', value: 1 }],
      }),
    ],
    [
      'an empty path',
      (m: MessageOf<'STATE_PATCH'>) => ({
        ...m,
        ops: [{ op: 'replace' as const, path: '', value: {} }],
      }),
    ],
  ])('%s asks for exactly one full state, and is right after it', (_, spoil) => {
    inRoot((replica, asked) => {
      const server = makeServer();
      replica.takeFull(server.full());
      const good = server.change((draft) => setVolume(draft, 0, 0.2));
      replica.takePatch(spoil(good));
      replica.takePatch(server.change((draft) => setVolume(draft, 0, 0.3)));
      expect(asked()).toBe(1);
      replica.takeFull(server.full());
      expect(plain(replica)).toEqual(server.state());
      replica.takePatch(server.change((draft) => setVolume(draft, 0, 0.4)));
      expect(replica.state.slots[0]?.volume).toBe(0.4);
      expect(asked()).toBe(1);
    });
  });

  test('a full state that does not come is asked for again, once a second', () => {
    inRoot((replica, asked, clock) => {
      const server = makeServer();
      replica.takeFull(server.full());
      server.change((draft) => setVolume(draft, 0, 0.1));
      for (let ms = 0; ms <= 2500; ms += 500) {
        clock.ms = ms;
        replica.takePatch(server.change((draft) => setVolume(draft, 0, ms / 5000)));
      }
      expect(asked()).toBe(3);
      replica.takeFull(server.full());
      expect(plain(replica)).toEqual(server.state());
    });
  });

  test('a patch that came before the full state is not applied twice', () => {
    inRoot((replica, asked) => {
      const server = makeServer();
      const old = server.change((draft) => {
        draft.history.count++;
      });
      replica.takeFull(server.full());
      replica.takePatch(old);
      expect(plain(replica)).toEqual(server.state());
      expect(asked()).toBe(0);
    });
  });

  test('a full state keeps the objects of slots, so that pads stay under a finger', () => {
    inRoot((replica) => {
      const server = makeServer();
      replica.takeFull(server.full());
      const before = replica.state.slots[3];
      server.change((draft) => {
        at(draft.slots, 3).name = 'Other';
      });
      replica.takeFull(server.full());
      expect(replica.state.slots[3]).toBe(at([before], 0));
      expect(before?.name).toBe('Other');
    });
  });
});
