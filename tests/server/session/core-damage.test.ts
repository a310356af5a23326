import { describe, expect, test } from 'bun:test';
import { EVENT_KIND } from '../../../protocol/abi.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { at } from '../../support/at.ts';
import { BAR_FRAMES, makeEvent } from './core-event.ts';
import { capture } from './derived-rig.ts';
import { Rig } from './rig.ts';

const tell = (rig: Rig, event: Parameters<typeof makeEvent>[0]) =>
  rig.session.onEvents([makeEvent(event)]);

describe('damage that the core tells of', () => {
  test('damage to a take that sounds already marks it, its slots and its row, once', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false });
    const { takeId } = at(rig.state.slots, 0);
    if (takeId === null) throw new Error('nothing was captured');
    const before = rig.writes.length;
    const damage = { kind: EVENT_KIND.tainted, fromFrame: 5, toFrame: 6 };
    tell(rig, { ...damage, id: wordsOfId('e'.repeat(32)) });
    expect(rig.state.slots[0]).toMatchObject({ takeId, tainted: false });
    for (let count = 0; count < 2; count += 1) tell(rig, { ...damage, id: wordsOfId(takeId) });
    expect(rig.state.slots[0]).toMatchObject({ takeId, tainted: true });
    expect(rig.takes.get(takeId)?.tainted).toBeTrue();
    expect(rig.writes.slice(before)).toEqual([{ kind: 'takeTainted', takeId }]);
  });

  test('what is captured of frames that were told as damaged is marked, also without the core', async () => {
    for (const [sourceIndex, isMarked] of [
      [0, true],
      [1, false],
    ] as const) {
      const rig = new Rig();
      rig.core.frame = 50 * BAR_FRAMES;
      const frame = 49 * BAR_FRAMES + 7;
      tell(rig, { kind: EVENT_KIND.damaged, fromFrame: frame, toFrame: frame + 1, sourceIndex });
      const takeId = await capture(rig, 0, 4);
      expect(rig.takes.get(takeId)).toMatchObject({ tainted: isMarked });
      expect(rig.state.slots[0]).toMatchObject({ takeId, tainted: isMarked });
    }
  });

  test('damage that is told late marks what was made of it, also where it sounds no more', async () => {
    const rig = new Rig();
    rig.core.frame = 50 * BAR_FRAMES;
    const hurt = await capture(rig, 0, 1);
    const { fromFrame = NaN } = rig.takes.get(hurt) ?? {};
    const whole = await capture(rig, 1, 1);
    const merged = await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 2 });
    expect(merged).toMatchObject({ type: 'OK' });
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    const told = { kind: EVENT_KIND.damaged, fromFrame, toFrame: fromFrame + 1 };
    tell(rig, { ...told, sourceIndex: 1 });
    expect(rig.takes.get(hurt)?.tainted).toBeFalse();
    tell(rig, { ...told, sourceIndex: 0 });
    const marks = [hurt, whole, rig.content[2] ?? ''].map((id) => rig.takes.get(id)?.tainted);
    expect(marks).toEqual([true, false, true]);
  });

  test('damage that is told by the hundred marks what each is in, and nothing else; it is looked for once', async () => {
    const rig = new Rig();
    rig.core.frame = 50 * BAR_FRAMES;
    const ids: string[] = [];
    for (const slot of [0, 1, 2]) {
      ids.push(await capture(rig, slot, 1));
      rig.core.frame += 4 * BAR_FRAMES;
    }
    const [first, , last] = ids.map((id) => rig.takes.get(id)?.fromFrame ?? NaN);
    const frames = Array.from({ length: 384 }, (_, index) => 97 * index);
    let looks = 0;
    const { played } = rig.takes;
    rig.takes.played = () => {
      looks += 1;
      return played.call(rig.takes);
    };
    rig.session.onEvents(
      [...frames, first ?? NaN, last ?? NaN].map((fromFrame) =>
        makeEvent({ kind: EVENT_KIND.damaged, fromFrame, toFrame: fromFrame + 1 }),
      ),
    );
    expect(ids.map((id) => rig.takes.get(id)?.tainted)).toEqual([true, false, true]);
    const marked = rig.writes.filter(({ kind }) => kind === 'takeTainted');
    expect(marked).toEqual(
      [0, 2].map((index) => ({ kind: 'takeTainted', takeId: ids[index] ?? '' })),
    );
    expect(looks).toBe(1);
    rig.session.onEvents([makeEvent({ kind: EVENT_KIND.xrun })]);
    expect(looks).toBe(1);
  });

  test('damage that is told again is not written again, and what is new of it is', () => {
    const rig = new Rig();
    const damaged = (fromFrame: number, toFrame: number, sourceIndex = 0) =>
      tell(rig, { kind: EVENT_KIND.damaged, fromFrame, toFrame, sourceIndex });
    damaged(50_000, 60_000);
    expect(rig.writes.splice(0)).toHaveLength(1);
    damaged(50_000, 60_000);
    damaged(55_000, 55_001);
    expect(rig.writes).toEqual([]);
    damaged(50_000, 60_001);
    damaged(49_999, 50_000);
    damaged(55_000, 55_001, 1);
    expect(rig.writes).toMatchObject([
      { hurt: { source: 0, fromFrame: 50_000, toFrame: 60_001 } },
      { hurt: { source: 0, fromFrame: 49_999, toFrame: 50_000 } },
      { hurt: { source: 1, fromFrame: 55_000, toFrame: 55_001 } },
    ]);
  });
});
