import { describe, expect, test } from 'bun:test';
import { EVENT_KIND, RENDER_MODE, TAKE_FLAGS, TAKE_ORIGIN } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { capture, partsOf, redo, sounding, undo } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES, makeEvent, RATE_HZ } from './core-event.ts';

const tail = (slot: number, on: boolean) => ({ cmd: 'SET_TAIL', slot, on }) as const;

describe('SET_TAIL', () => {
  test('what was played after the window is laid over the start, and off again', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0, 2);
    const { toFrame } = rig.takes.get(takeId) ?? { toFrame: NaN };
    const loads: { flags: number; fromFrame: number; toFrame: number }[] = [];
    const { loadTake } = rig.core;
    rig.core.loadTake = (source) => {
      loads.push(source);
      return loadTake.call(rig.core, source);
    };
    expect(await rig.ask(tail(0, true))).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]).toMatchObject({ tail: true, takeId });
    expect(rig.state.history.undoLabel).toBe('Tail of 1 on');
    expect(loads).toMatchObject([
      { flags: TAKE_FLAGS.tailSeam, toFrame },
      { flags: TAKE_FLAGS.raw, fromFrame: toFrame, toFrame: toFrame + BAR_FRAMES },
    ]);
    expect(partsOf(rig, sounding(rig, 0))).toMatchObject([
      { mode: RENDER_MODE.repitch, startFrames: 0, gainLeft: 1 },
      { mode: RENDER_MODE.once, startFrames: 0, gainLeft: 1 },
    ]);
    await rig.ask(undo);
    expect(sounding(rig, 0)).toBe(takeId);
    await rig.ask(redo);
    expect(rig.state.slots[0]?.tail).toBeTrue();
    expect(sounding(rig, 0)).not.toBe(takeId);
    await rig.ask(tail(0, false));
    expect(sounding(rig, 0)).toBe(takeId);
  });

  test('of a derived loop is that of all it is made of, and goes again', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await rig.ask(tail(0, true));
    await capture(rig, 0, 4, 'overdub');
    const made = rig.content[0] ?? '';
    expect(rig.state.slots[0]?.tail).toBeTrue();
    expect(rig.takes.get(made)?.recipe?.layers.map((layer) => layer.tail)).toEqual([false, false]);
    expect(sounding(rig, 0)).not.toBe(made);
    await rig.ask(tail(0, false));
    expect(sounding(rig, 0)).toBe(made);
  });

  test('that cannot be had yet is tried again; the loop plays on without it', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    rig.core.failsRenders = true;
    await rig.ask(tail(0, true));
    expect(sounding(rig, 0)).toBe(takeId);
    rig.core.failsRenders = false;
    await rig.pass(1000);
    expect(sounding(rig, 0)).not.toBe(takeId);
    expect(rig.state.alerts).toEqual({});
  });

  test('is read out of the file that keeps it, and out of the spool when that fails', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0, 2);
    const { toFrame } = rig.takes.get(takeId) ?? { toFrame: NaN };
    const file = { kind: EVENT_KIND.takeFile, id: wordsOfId(takeId), value: 1000, value2: 777 };
    rig.session.onEvents([
      makeEvent({ ...file, detail: 0, sha: [1, 2, 3, 4, 5, 6, 7, 8] }),
      makeEvent({ ...file, detail: 1, sha: [8, 7, 6, 5, 4, 3, 2, 1] }),
    ]);
    const read: { flags: number; origin: number; path: string; rollsPath: string }[] = [];
    const { loadTake } = rig.core;
    rig.core.loadTake = (source) => {
      if (source.flags !== TAKE_FLAGS.raw) return loadTake.call(rig.core, source);
      read.push(source);
      return read.length === 1 ? ERRORS.ERR_TAKE_UNREADABLE.code : loadTake.call(rig.core, source);
    };
    await rig.ask(tail(0, true));
    const after = { fromFrame: toFrame, toFrame: toFrame + BAR_FRAMES };
    expect(read).toMatchObject([
      { ...after, origin: TAKE_ORIGIN.file, path: '', preFrames: 777 },
      { ...after, origin: TAKE_ORIGIN.spool, rollsPath: '' },
    ]);
    expect(read[0]?.rollsPath).toEndWith('.wav');
    expect(sounding(rig, 0)).not.toBe(takeId);
  });

  test('that can never be had any more is refused: 4011, and nothing says it is on', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    const { count } = rig.state.history;
    rig.core.frame += 60 * RATE_HZ;
    rig.core.failsRenders = true;
    expect(await rig.ask(tail(0, true))).toMatchObject({ type: 'ERROR', code: 4011 });
    expect(rig.state.slots[0]?.tail).toBeFalse();
    expect(rig.state.history.count).toBe(count);
    rig.core.failsRenders = false;
    expect(await rig.ask(tail(0, true))).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]?.tail).toBeTrue();
  });

  test('that never came is told as that, until it is wished no longer; then it is tried anew', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    rig.core.failsRenders = true;
    await rig.ask(tail(0, true));
    for (let tries = 0; tries < 120; tries += 1) await rig.pass(1000);
    expect(Object.values(rig.state.alerts)).toMatchObject([{ code: 4011, slot: 0 }]);
    await rig.ask(tail(0, false));
    expect(rig.state.alerts).toEqual({});
    expect(sounding(rig, 0)).toBe(takeId);
    rig.core.failsRenders = false;
    await rig.ask(tail(0, true));
    expect(sounding(rig, 0)).not.toBe(takeId);
  });

  test('refusals: 4001, 4002; twice is no step', async () => {
    const rig = new Rig();
    expect(await rig.ask(tail(20, true))).toMatchObject({ type: 'ERROR', code: 4001 });
    expect(await rig.ask(tail(0, true))).toMatchObject({ type: 'ERROR', code: 4002 });
    await capture(rig, 0);
    await rig.ask(tail(0, true));
    const { count } = rig.state.history;
    await rig.ask(tail(0, true));
    expect(rig.state.history.count).toBe(count);
  });
});
