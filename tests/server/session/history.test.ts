import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { type HeadWay, History, LOOKED_AT_MAX } from '../../../server/session/riffs/history.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import { printedSeed } from '../../support/seed.ts';

const riff = (history: History, id: string): Riff => ({
  ...rootRiff(id, 0, 120),
  parentId: history.head.id,
  seq: history.nextSeq,
  cause: 'CAPTURE',
  label: `riff ${id}`,
});

const grow = (...ids: string[]): History => {
  const history = new History(rootRiff('root', 0, 120));
  for (const id of ids) history.add(riff(history, id));
  return history;
};

const undo = (history: History) => {
  const target = history.undoTarget();
  if (target) history.moveTo(target.id);
  return target?.id;
};
const redo = (history: History) => {
  const target = history.redoTarget();
  if (target) history.moveTo(target.id);
  return target?.id;
};

describe('history', () => {
  test('undo goes to the parent, redo back to the child last left', () => {
    const history = grow('a', 'b');
    expect([undo(history), undo(history), undo(history)]).toEqual(['a', 'root', undefined]);
    expect([redo(history), redo(history), redo(history)]).toEqual(['a', 'b', undefined]);
  });

  test('a new branch takes over redo, and the old one is still there', () => {
    const history = grow('a', 'b');
    undo(history);
    history.add(riff(history, 'c'));
    undo(history);
    expect(redo(history)).toBe('c');
    history.moveTo('b');
    undo(history);
    expect(redo(history)).toBe('b');
    expect(history.count).toBe(4);
  });

  test('a search looks at so many riffs a page, and goes on where it was', () => {
    const history = grow('first');
    for (let more = 0; more < LOOKED_AT_MAX; more += 1) history.add(riff(history, `z${more}`));
    const about = { limit: 50, q: 'first' };
    const page = history.page(about);
    expect(page).toEqual({ items: [], next: 'z0' });
    expect(history.page({ ...about, before: 'z0' })).toMatchObject({
      items: [{ id: 'first' }],
      next: null,
    });
  });

  test('a riff holds only what differs from its parent', () => {
    const history = grow();
    const loop = { takeId: 'take', bars: 1, lengthBeats: 4, originBeat: 8, offsetFrames: 0 };
    const slots = (gain: number) => [
      { loop: { ...loop }, gain: 1, pan: 0, muted: false, soloed: false },
      { loop: { ...loop }, gain, pan: 0, muted: false, soloed: false },
      { loop: { ...loop, originBeat: gain }, gain: 1, pan: 0, muted: false, soloed: false },
    ];
    history.add({ ...riff(history, 'a'), slots: slots(1) });
    history.add({ ...riff(history, 'b'), slots: slots(0.5) });
    history.amendHead({ ...history.head, label: 'amended' });
    const [older, newer] = [history.get('a')?.slots, history.get('b')?.slots];
    expect(newer).toEqual(slots(0.5));
    expect(newer?.[0]).toBe(older?.[0]);
    expect(newer?.[1]).not.toBe(older?.[1]);
    expect(newer?.[1]?.loop).toBe(older?.[1]?.loop);
    expect(newer?.[2]?.loop).not.toBe(older?.[2]?.loop);
    expect(history.get('b')?.meter).toBe(history.root.meter);
  });

  test('a recall far back leaves a way forward along the branch it left', () => {
    const history = grow('a', 'b', 'c');
    history.moveTo('root');
    expect([redo(history), redo(history), redo(history)]).toEqual(['a', 'b', 'c']);
  });

  test('the view names what undo and redo will do', () => {
    const history = grow('a', 'b', 'c');
    undo(history);
    undo(history);
    expect(history.view()).toMatchObject({
      head: 'a',
      count: 4,
      undoLabel: 'riff a',
      redoLabel: 'riff b',
      redoIds: ['b', 'c'],
    });
    expect(history.view().newest.map((row) => row.id)).toEqual(['c', 'b', 'a', 'root']);
  });

  test('pages run from the newest to the root without a hole', () => {
    const history = grow(...Array.from({ length: 25 }, (_, index) => `n${index}`));
    const ids: string[] = [];
    let before: string | undefined;
    do {
      const page = history.page({ limit: 7, ...(before !== undefined && { before }) });
      ids.push(...page.items.map((row) => row.id));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(ids).toHaveLength(26);
    expect(ids.at(-1)).toBe('root');
    expect(history.page({ limit: 200, q: 'N7' }).items.map((row) => row.id)).toEqual(['n7']);
    expect(history.page({ limit: 5, before: 'unknown' })).toEqual({ items: [], next: null });
  });

  test('replayed moves lead where they led, whatever was done', () => {
    const step = fc.oneof(
      fc.constant('add' as const),
      fc.constant('undo' as const),
      fc.constant('redo' as const),
      fc.nat({ max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.array(step, { maxLength: 20 }), (a, b) => {
        const lived = grow();
        const made = [lived.head];
        const moves: HeadWay[] = [];
        const act = (history: History, each: 'add' | 'undo' | 'redo' | number) => {
          if (each === 'undo') undo(history);
          else if (each === 'redo') redo(history);
          else if (each !== 'add') history.moveTo(made[each % made.length]?.id ?? 'root');
        };
        for (const each of a) {
          const from = lived.head.id;
          if (each === 'add') lived.add(riff(lived, `x${made.length}`));
          else act(lived, each);
          if (each === 'add') made.push(lived.head);
          moves.push({ from, to: lived.head.id });
        }
        const replayed = new History(lived.root);
        for (const each of made.slice(1)) replayed.restore(each);
        replayed.replay(moves);
        expect(replayed.view()).toEqual(lived.view());
        for (const each of b) {
          act(lived, each);
          act(replayed, each);
          expect(replayed.view()).toEqual(lived.view());
        }
      }),
      { numRuns: 300, seed: printedSeed() },
    );
  });

  test('a long evening of recalls is replayed in no time', () => {
    const COUNT = 30_000;
    const history = new History(rootRiff('r0', 0, 120));
    for (let seq = 1; seq < COUNT; seq += 1) {
      history.restore({ ...rootRiff(`r${seq}`, 0, 120), parentId: `r${seq - 1}`, seq });
    }
    const tip = `r${COUNT - 1}`;
    const there = { from: 'r0', to: tip };
    const back = { from: tip, to: 'r0' };
    // One step for each riff on the way, for each recall, would be 10^9 of them.
    history.replay(Array.from({ length: 2 * COUNT }, (_, index) => (index % 2 ? back : there)));
    expect(history.head.id).toBe('r0');
    expect(history.view().redoIds[0]).toBe('r1');
  });

  test('whatever is done: undo reaches the root, redo comes back to the tip, no riff is lost', () => {
    const action = fc.oneof(
      fc.constant('add' as const),
      fc.constant('undo' as const),
      fc.constant('redo' as const),
      fc.nat({ max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const history = grow();
        const made = ['root'];
        for (const [index, each] of actions.entries()) {
          if (each === 'add') {
            history.add(riff(history, `x${index}`));
            made.push(`x${index}`);
          } else if (each === 'undo') undo(history);
          else if (each === 'redo') redo(history);
          else history.moveTo(made[each % made.length] ?? 'root');
        }
        while (redo(history));
        const tip = history.head.id;
        let depth = 0;
        while (undo(history)) depth += 1;
        expect(history.head.id).toBe('root');
        for (let step = 0; step < depth; step += 1) redo(history);
        expect(history.head.id).toBe(tip);
        expect(made.every((id) => history.get(id) !== undefined)).toBeTrue();
        expect(history.count).toBe(made.length);
      }),
      { numRuns: 300, seed: printedSeed() },
    );
  });
});
