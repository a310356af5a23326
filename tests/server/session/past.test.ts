import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { capture, redo, sounding, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { adjust, lastRiff, rangeOf, reach } from './past-rig.ts';
import { makeRig, tellGrid } from './grid-rig.ts';
import { BAR_FRAMES, BEAT_FRAMES, makeEvent } from './core-event.ts';

describe('ADJUST_LOOP', () => {
  test('another length keeps the end, and the sound its place on the grid', async () => {
    const rig = makeRig();
    const before = await capture(rig, 2, 4);
    const take = rig.takes.get(before);
    if (!take) throw new Error('no take');
    const seen = watch(rig);
    const answer = await rig.ask(adjust(2, { bars: 1 }));
    const after = rig.content[2] ?? '';
    expect(answer).toMatchObject({ type: 'OK', result: { slot: 2, takeId: after, bars: 1 } });
    expect(rangeOf(rig)).toMatchObject({
      id: wordsOfId(after),
      fromFrame: take.toFrame - BAR_FRAMES,
      toFrame: take.toFrame,
      framesPerBeat: BEAT_FRAMES,
      barFrames: BAR_FRAMES,
      spoolPath: `/data/spool/${'f'.repeat(32)}`,
    });
    expect(seen).toMatchObject([
      { kind: COMMAND_KIND.slotSet, slot: 2, a: take.originBeat + 12, b: 4, c: 0 },
    ]);
    expect(rig.state.slots[2]).toMatchObject({ bars: 1, lengthBeats: 4, saved: true });
    expect(rig.state.history).toMatchObject({ undoLabel: '3 now 1 bar', undoSlot: 2 });
    expect(lastRiff(rig)).toMatchObject({ riff: { cause: 'ADJUST' }, takes: [{ id: after }] });
    await rig.ask(undo);
    expect([rig.content[2], sounding(rig, 2)]).toEqual([before, before]);
    await rig.ask(redo);
    expect([rig.content[2], sounding(rig, 2)]).toEqual([after, after]);
  });

  test('a shift moves the window and its place together, also by half a beat', async () => {
    const rig = makeRig();
    const take = rig.takes.get(await capture(rig, 0, 2));
    if (!take) throw new Error('no take');
    const seen = watch(rig);
    await rig.ask(adjust(0, { shiftBeats: -1.5 }));
    expect(rangeOf(rig)).toMatchObject({
      fromFrame: take.fromFrame - 1.5 * BEAT_FRAMES,
      toFrame: take.toFrame - 1.5 * BEAT_FRAMES,
    });
    expect(seen).toMatchObject([{ a: take.originBeat - 2, b: 8, c: BEAT_FRAMES / 2 }]);
    expect(rig.state.history.undoLabel).toBe('1 window 1.5 beats earlier');
  });

  test('a rotation moves the same take on the grid and fetches nothing', async () => {
    const rig = makeRig();
    const takeId = await capture(rig, 0, 2);
    const { originBeat = NaN } = rig.takes.get(takeId) ?? {};
    const seen = watch(rig);
    await rig.ask(adjust(0, { rotateBeats: 0.5 }));
    expect(rig.core.kept).toEqual([]);
    expect(seen).toMatchObject([{ a: originBeat, c: BEAT_FRAMES / 2, id: wordsOfId(takeId) }]);
    expect(rig.state.history.undoLabel).toBe('1 moved 0.5 beat later');
    await rig.ask(adjust(0, { rotateBeats: -3 }));
    expect(seen.at(-1)).toMatchObject({ a: originBeat - 3, c: BEAT_FRAMES / 2 });
    await rig.ask(undo);
    await rig.ask(undo);
    expect(seen.at(-1)).toMatchObject({ a: originBeat, c: 0, id: wordsOfId(takeId) });
  });

  test('what is no change is none; the way it follows the tempo stays', async () => {
    const rig = makeRig();
    await capture(rig, 0, 2);
    const { count } = rig.state.history;
    expect(await rig.ask(adjust(0, { bars: 2 }))).toMatchObject({ type: 'OK' });
    expect(await rig.ask(adjust(0, {}))).toMatchObject({ type: 'OK' });
    expect(rig.state.history.count).toBe(count);
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'free' });
    const seen = watch(rig);
    await rig.ask(adjust(0, { bars: 1 }));
    await rig.ask(adjust(0, { rotateBeats: 1 }));
    expect(seen.map(({ flags, kind }) => [kind, flags])).toEqual([
      [COMMAND_KIND.slotSet, 0],
      [COMMAND_KIND.slotFree, COMMAND_FLAGS.on],
      [COMMAND_KIND.slotSet, 0],
      [COMMAND_KIND.slotFree, COMMAND_FLAGS.on],
    ]);
    expect(rig.state.slots[0]).toMatchObject({ tempoMode: 'free', bars: 1 });
  });

  test('refusals change nothing: no slot, empty, derived, not kept, before the beginning', async () => {
    const rig = makeRig();
    expect(await rig.ask(adjust(8, { bars: 1 }))).toMatchObject({ code: 4001 });
    expect(await rig.ask(adjust(0, { bars: 1 }))).toMatchObject({ code: 4002 });
    const takeId = await capture(rig, 0, 1);
    const { count } = rig.state.history;
    expect(await rig.ask(adjust(0, { bars: 16 }))).toMatchObject({ code: 4011 });
    expect(await rig.ask(adjust(0, { shiftBeats: -100 }))).toMatchObject({ code: 4011 });
    expect(rig.core.kept).toEqual([]);
    const { keepTake } = rig.core;
    rig.core.keepTake = (range) => {
      rig.core.unreadable.add(range.id.join());
      return keepTake.call(rig.core, range);
    };
    expect(await rig.ask(adjust(0, { shiftBeats: 8 }))).toMatchObject({ code: 4011 });
    rig.core.pastRefusal = 2016;
    expect(await rig.ask(adjust(0, { shiftBeats: 8 }))).toMatchObject({ code: 2016 });
    rig.core.keepTake = () => 2006;
    expect(await rig.ask(adjust(0, { shiftBeats: 4 }))).toMatchObject({ code: 4011 });
    expect([rig.content[0], rig.state.history.count]).toEqual([takeId, count]);
    await capture(rig, 1, 1);
    await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    expect(await rig.ask(adjust(0, { shiftBeats: -4 }))).toMatchObject({ code: 4016 });
    expect(await rig.ask(adjust(0, { rotateBeats: -4 }))).toMatchObject({ type: 'OK' });
    expect(rig.errors).toEqual([]);
  });
});

describe('REACH_BACK', () => {
  test('bars of minutes ago play on the grid, in a step that UNDO takes back', async () => {
    const rig = makeRig();
    rig.core.frame = 100 * BAR_FRAMES + 5000;
    const seen = watch(rig);
    const answer = await rig.ask(reach(3, 20, 4));
    const takeId = rig.content[3] ?? '';
    const frames = { fromFrame: 20 * BAR_FRAMES, toFrame: 24 * BAR_FRAMES };
    expect(answer).toMatchObject({ type: 'OK', result: { slot: 3, takeId, bars: 4, ...frames } });
    expect(rangeOf(rig)).toMatchObject({ ...frames, sourceIndex: 0 });
    expect(seen).toMatchObject([{ kind: COMMAND_KIND.slotSet, slot: 3, a: 80, b: 16, c: 0 }]);
    expect(rig.state.slots[3]).toMatchObject({ state: 'PLAYING', bars: 4, saved: true });
    expect(lastRiff(rig)).toMatchObject({
      riff: { cause: 'REACH_BACK', label: 'Bars 21–24 into 4' },
      takes: [{ id: takeId, bpm: 120, acrossChange: false, tainted: false }],
    });
    await rig.ask(undo);
    expect(rig.content[3]).toBeNull();
    await rig.ask(redo);
    expect([rig.content[3], sounding(rig, 3)]).toEqual([takeId, takeId]);
  });

  test('bar numbers stay right across a change of tempo and of meter', async () => {
    const rig = makeRig();
    rig.core.frame = 400 * BAR_FRAMES;
    // In the middle of bar 10 the tempo is halved; from bar 21 on a bar has three beats.
    const changed = 10.5 * BAR_FRAMES;
    const line = { lengthBeats: 4, framesPerBeat: 2 * BEAT_FRAMES, originBeat: 0, value: 0 };
    tellGrid(rig, { fromFrame: changed, toFrame: changed - 21 * BAR_FRAMES, ...line });
    const third = changed + 21 * BAR_FRAMES;
    const three = { lengthBeats: 3, framesPerBeat: 2 * BEAT_FRAMES, originBeat: 84, value: 21 };
    tellGrid(rig, { fromFrame: third, toFrame: third, ...three });
    const from = async (bar: number) => {
      expect(await rig.ask(reach(0, bar, 1))).toMatchObject({ type: 'OK' });
      const { fromFrame, toFrame } = rangeOf(rig) ?? { fromFrame: NaN, toFrame: NaN };
      const written = lastRiff(rig);
      const isAcross = written?.kind === 'riff' && written.takes[0]?.acrossChange;
      expect(rig.state.slots[0]?.acrossChange).toBe(isAcross === true);
      return [fromFrame / BAR_FRAMES, (toFrame - fromFrame) / BAR_FRAMES, isAcross];
    };
    expect(await from(9)).toEqual([9, 1, false]);
    expect(await from(10)).toEqual([10, 1, true]);
    expect(await from(11)).toEqual([11.5, 2, false]);
    expect(await from(21)).toEqual([31.5, 1.5, false]);
    expect(await from(22)).toEqual([33, 1.5, false]);
  });

  test('a grid told again, as it is at every start, is no change', async () => {
    const rig = makeRig();
    rig.core.frame = 50 * BAR_FRAMES;
    tellGrid(rig, {
      fromFrame: 9.5 * BAR_FRAMES,
      toFrame: 4 * BAR_FRAMES,
      originBeat: 16,
      value: 4,
    });
    for (const bar of [0, 9]) {
      await rig.ask(reach(0, bar, 1));
      expect(rangeOf(rig)?.fromFrame).toBe(bar * BAR_FRAMES);
      expect(lastRiff(rig)).toMatchObject({ takes: [{ acrossChange: false }] });
    }
  });

  test('a loop of bar lines that were moved since begins on one of those that hold', async () => {
    const rig = makeRig();
    rig.core.frame = 50 * BAR_FRAMES;
    const line = { originBeat: 82, value: 20 };
    tellGrid(rig, { fromFrame: 20 * BAR_FRAMES, toFrame: 20 * BAR_FRAMES, ...line });
    await rig.ask(reach(0, 12, 2));
    expect(rangeOf(rig)?.fromFrame).toBe(12 * BAR_FRAMES);
    expect(rig.state.slots[0]?.originBeat).toBe(46);
  });

  test('a missed deadline or a gap in it marks the take', async () => {
    const rig = makeRig();
    rig.core.frame = 50 * BAR_FRAMES;
    const gap = { fromFrame: 12 * BAR_FRAMES, toFrame: 12 * BAR_FRAMES + 1 };
    rig.session.onEvents([makeEvent({ kind: EVENT_KIND.gap, ...gap })]);
    await rig.ask(reach(0, 11, 2));
    expect(rig.state.slots[0]?.tainted).toBeTrue();
    await rig.ask(reach(0, 13, 2));
    expect(rig.state.slots[0]?.tainted).toBeFalse();
  });

  test('a clip marks what is made of its own source alone', async () => {
    const rig = makeRig();
    rig.core.frame = 50 * BAR_FRAMES;
    const frames = { fromFrame: 12 * BAR_FRAMES, toFrame: 12 * BAR_FRAMES + 1 };
    rig.session.onEvents([makeEvent({ kind: EVENT_KIND.damaged, ...frames, sourceIndex: 0 })]);
    rig.session.onEvents([
      makeEvent({
        kind: EVENT_KIND.damaged,
        fromFrame: 0,
        toFrame: 50 * BAR_FRAMES,
        sourceIndex: 1,
      }),
    ]);
    await rig.ask(reach(0, 11, 2));
    expect(rig.state.slots[0]?.tainted).toBeTrue();
    await rig.ask(reach(0, 13, 2));
    expect(rig.state.slots[0]?.tainted).toBeFalse();
    expect(rig.writes.filter(({ kind }) => kind === 'hurt')).toMatchObject([
      { hurt: { source: 0, ...frames } },
      { hurt: { source: 1 } },
    ]);
  });

  test('a window that is moved off the damage is whole, and one moved onto it is not', async () => {
    const rig = makeRig();
    rig.core.frame = 50 * BAR_FRAMES;
    const frames = { fromFrame: 12 * BAR_FRAMES, toFrame: 12 * BAR_FRAMES + 1 };
    rig.session.onEvents([makeEvent({ kind: EVENT_KIND.damaged, ...frames })]);
    await rig.ask(reach(0, 12, 1));
    const tainted = [rig.state.slots[0]?.tainted];
    for (const shiftBeats of [4, -4]) {
      await rig.ask(adjust(0, { shiftBeats }));
      tainted.push(rig.state.slots[0]?.tainted);
    }
    expect(tainted).toEqual([true, false, true]);
  });

  test('refusals: no slot, no source, a bar no grid knows, frames that are not there', async () => {
    const rig = new Rig();
    expect(await rig.ask(reach(0, 1))).toMatchObject({ code: 4011 });
    tellGrid(rig, { fromFrame: 4 * BAR_FRAMES, toFrame: 0 });
    expect(await rig.ask(reach(0, 3))).toMatchObject({ code: 4011 });
    expect(rig.core.kept).toEqual([]);
    expect(await rig.ask(reach(9, 5))).toMatchObject({ code: 4001 });
    expect(await rig.ask({ ...reach(0, 5), source: 1 })).toMatchObject({ code: 4009 });
    rig.core.keepTake = () => 2006;
    expect(await rig.ask(reach(0, 5))).toMatchObject({ code: 4011 });
    expect(rig.state.history.count).toBe(1);
  });
});
