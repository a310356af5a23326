import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { capture, redo, sounding, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { adjust, lastRiff, rangeOf, restore } from './past-rig.ts';
import { makeRig } from './grid-rig.ts';

describe('RESTORE_TAKE', () => {
  test('brings a take of the history back as it last was, in a step of its own', async () => {
    const rig = makeRig();
    const first = await capture(rig, 0, 4);
    await rig.ask(adjust(0, { rotateBeats: 1 }));
    const origin = rig.state.slots[0]?.originBeat;
    const second = await capture(rig, 0, 2);
    const seen = watch(rig);
    expect(await rig.ask(restore(0, first))).toMatchObject({ type: 'OK' });
    expect(seen).toMatchObject([
      { kind: COMMAND_KIND.slotSet, slot: 0, a: origin, b: 16, id: wordsOfId(first) },
    ]);
    expect(rig.state.history).toMatchObject({ undoLabel: '4 bars back in 1', undoSlot: 0 });
    expect(lastRiff(rig)).toMatchObject({ riff: { cause: 'RESTORE' }, takes: [] });
    await rig.ask(undo);
    expect(sounding(rig, 0)).toBe(second);
    await rig.ask(redo);
    expect(sounding(rig, 0)).toBe(first);
  });

  test('also into another slot, where the one it was in goes on; twice is once', async () => {
    const rig = makeRig();
    const takeId = await capture(rig, 0, 2);
    await rig.ask(restore(5, takeId));
    expect([rig.content[0], rig.content[5]]).toEqual([takeId, takeId]);
    const { count } = rig.state.history;
    await rig.ask(restore(5, takeId));
    expect(rig.state.history.count).toBe(count);
  });

  test('of an earlier run: from its file, in its place, after a restart', async () => {
    const before = makeRig();
    const first = await capture(before, 1, 2);
    await capture(before, 1, 4);
    const takes = new Takes('/data');
    const history = new History(rootRiff('root', 0, 120));
    for (const write of before.writes) {
      if (write.kind !== 'riff') continue;
      for (const take of write.takes) takes.restore({ ...take, runId: 'e'.repeat(32) });
      history.add(write.riff.parentId === null ? write.riff : { ...write.riff });
    }
    const rig = new Rig({ takes, history, gridShift: -8 });
    rig.session.start();
    await rig.settle();
    const loads = rig.core.loads.length;
    expect(await rig.ask(restore(1, first))).toMatchObject({ type: 'OK' });
    expect(loads).toBe(0);
    const origin = takes.get(first)?.originBeat ?? NaN;
    expect(rig.state.slots[1]).toMatchObject({ takeId: first, originBeat: origin - 8 });
    // Its neighbours are still in the spool of that run.
    await rig.ask(adjust(1, { bars: 1 }));
    expect(rangeOf(rig)?.spoolPath).toBe(`/data/spool/${'e'.repeat(32)}`);
    expect(rig.takes.get(rig.content[1] ?? '')?.runId).toBe('e'.repeat(32));
  });

  test('refusals: no slot, a take nobody knows, a file that cannot be read', async () => {
    const rig = makeRig();
    const first = await capture(rig, 0, 2);
    await capture(rig, 0, 4);
    expect(await rig.ask(restore(8, first))).toMatchObject({ code: 4001 });
    const unknown = '00000000-0000-4000-8000-00000000ffff';
    expect(await rig.ask(restore(0, unknown))).toMatchObject({ code: 4008 });
    rig.core.unreadable.add(wordsOfId(first).join());
    const { count } = rig.state.history;
    expect(await rig.ask(restore(0, first))).toMatchObject({ code: 2010 });
    expect(rig.state.history.count).toBe(count);
  });
});
