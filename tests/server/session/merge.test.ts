import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { capture, partsOf, press, redo, sounding, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

const merge = (from: number[], to: number) => ({ cmd: 'MERGE_SLOTS', from, to }) as const;

describe('MERGE_SLOTS', () => {
  test('prints what sounds: gains and balances go into the loop, the slot is at 1', async () => {
    const rig = new Rig();
    const low = await capture(rig, 0, 4);
    const high = await capture(rig, 2, 2);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await rig.ask({ cmd: 'SET_PAN', slot: 2, val: 0.25 });
    const seen = watch(rig);
    expect(await rig.ask(merge([2, 0], 2))).toMatchObject({ type: 'OK' });
    const kinds = seen.map(({ kind, slot, a }) => [kind, slot, a]);
    const made = rig.content[2] ?? '';
    const origin = rig.state.slots[2]?.originBeat ?? NaN;
    expect(kinds.slice(0, 4)).toEqual([
      [COMMAND_KIND.slotGain, 2, 1],
      [COMMAND_KIND.slotPan, 2, 0],
      [COMMAND_KIND.slotSet, 0, 0],
      [COMMAND_KIND.slotSet, 2, origin],
    ]);
    expect(new Set(seen.slice(0, 4).map(({ atFrame }) => atFrame)).size).toBe(1);
    expect(rig.content.slice(0, 3)).toEqual([null, null, made]);
    expect(rig.state.slots[2]).toMatchObject({ volume: 1, pan: 0, lengthBeats: 16, saved: true });
    expect(partsOf(rig, made)).toMatchObject([
      { id: low, gainLeft: 0.5, gainRight: 0.5 },
      { id: high, gainLeft: 0.75, gainRight: 1 },
    ]);
    expect(rig.state.history).toMatchObject({ undoLabel: '1 + 3 merged into 3', undoSlot: 2 });
  });

  test('UNDO brings the loops back with the mix that was printed, REDO the merge at 1', async () => {
    const rig = new Rig();
    const low = await capture(rig, 0);
    const high = await capture(rig, 1);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await rig.ask(merge([0, 1], 0));
    const made = rig.content[0];
    await rig.ask(undo);
    expect(rig.content.slice(0, 2)).toEqual([low, high]);
    expect(rig.state.slots[0]?.volume).toBe(0.5);
    await rig.ask(redo);
    expect(rig.content.slice(0, 2)).toEqual([made ?? null, null]);
    expect(rig.state.slots[0]?.volume).toBe(1);
    expect(sounding(rig, 0)).toBe(made ?? '');
  });

  test('what is not heard stays where it is and is not in it', async () => {
    const rig = new Rig();
    const heard = await capture(rig, 0);
    const muted = await capture(rig, 1);
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 1, muted: true });
    await rig.ask(merge([0, 1], 4));
    expect(rig.content[1]).toBe(muted);
    expect(rig.content[0]).toBeNull();
    expect(partsOf(rig, rig.content[4] ?? '').map(({ id }) => id)).toEqual([heard]);
  });

  test('of soloed loops is soloed, and a muted target is heard', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await capture(rig, 1);
    await rig.ask({ cmd: 'SOLO_SLOT', slot: 0, soloed: true });
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 5, muted: true });
    await rig.ask(merge([0], 5));
    expect(rig.state.slots[5]).toMatchObject({ audible: true, soloed: true, muted: false });
    expect(rig.state.slots[0]).toMatchObject({ state: 'EMPTY', soloed: false });
    expect(rig.state.slots[1]?.audible).toBeFalse();
  });

  test('refusals: 4001, 4014, 4010, and 2009 when a take cannot be had', async () => {
    const rig = new Rig();
    const first = await capture(rig, 0);
    expect(await rig.ask(merge([0, 9], 0))).toMatchObject({ type: 'ERROR', code: 4001 });
    expect(await rig.ask(merge([3], 0))).toMatchObject({ type: 'ERROR', code: 4014 });
    expect(rig.errors).toEqual([]);
    await capture(rig, 1);
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 1, mode: 'free' });
    expect(await rig.ask(merge([0, 1], 0))).toMatchObject({ type: 'ERROR', code: 4010 });
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 1, mode: 'repitch' });
    rig.core.failsRenders = true;
    const { count } = rig.state.history;
    expect(await rig.ask(merge([0, 1], 0))).toMatchObject({ type: 'ERROR', code: 2009 });
    expect(rig.content[0]).toBe(first);
    expect(rig.state.history.count).toBe(count);
  });
});

describe('"auto" with nine captures', () => {
  test('merges the two oldest, and the freed slot takes the ninth: nothing is lost', async () => {
    const rig = new Rig();
    const takes: string[] = [];
    for (let count = 0; count < 8; count += 1) takes.push(await capture(rig, 'auto'));
    await rig.ask({ cmd: 'SET_VOL', slot: 1, val: 0.5 });
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
    const seen = watch(rig);
    const ninth = await capture(rig, 'auto');
    const group = seen.filter(({ flags }) => (flags & COMMAND_FLAGS.note) === 0).slice(0, 5);
    expect(group.map(({ kind, slot }) => [kind, slot])).toEqual([
      [COMMAND_KIND.slotGain, 1],
      [COMMAND_KIND.slotPan, 1],
      [COMMAND_KIND.slotSet, 1],
      [COMMAND_KIND.slotSet, 2],
      [COMMAND_KIND.capture, 2],
    ]);
    // The press means the moment it came, not when the merge was made.
    expect(group[4]?.atMs).toBeGreaterThan(0);
    expect(partsOf(rig, rig.content[1] ?? '')).toMatchObject([
      { id: takes[1] ?? '', gainLeft: 0.5 },
      // Never the 5 %: these are slots side by side.
      { id: takes[2] ?? '', gainLeft: 1 },
    ]);
    expect(rig.content).toEqual([
      takes[0] ?? '',
      rig.content[1] ?? '',
      ninth,
      ...takes.slice(3, 8),
    ]);
    expect(rig.state.slots[1]).toMatchObject({ volume: 1, audible: true });
    expect(rig.state.history).toMatchObject({ undoLabel: '4 bars into 3' });

    await rig.ask(undo);
    expect(rig.content).toEqual(takes);
    expect(rig.state.slots[1]?.volume).toBe(0.5);
    await rig.ask(redo);
    expect(rig.content[2]).toBe(ninth);
  });

  test('while its line lies ahead the merge is made at once and is a step of its own', async () => {
    const rig = new Rig();
    for (let count = 0; count < 8; count += 1) await capture(rig, 'auto');
    rig.core.isLineAhead = true;
    await rig.ask(press('auto'));
    expect(rig.state.slots[1]).toMatchObject({ state: 'RECORDING', takeId: null });
    expect(rig.state.history.undoLabel).toBe('1 + 2 merged into 1');
    await rig.reachLine();
    expect(rig.content.every((id) => id !== null)).toBeTrue();
    expect(rig.state.history.undoLabel).toBe('4 bars into 2');
  });

  test('near the line all of it waits for the line', async () => {
    const rig = new Rig();
    for (let count = 0; count < 8; count += 1) await capture(rig, 'auto');
    const before = [...rig.content];
    const line = (Math.floor(rig.core.frame / BAR_FRAMES) + 1) * BAR_FRAMES;
    rig.core.frame = line - 100;
    const reqId = rig.send(press('auto'));
    await rig.settle();
    expect(rig.content).toEqual(before);
    rig.core.frame = line;
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK', result: { slot: 1, toFrame: line } });
    expect(rig.content[0]).not.toBe(before[0] ?? null);
  });

  test('when all are muted or at their own speed: 4004, and nothing changes', async () => {
    const rig = new Rig();
    for (let count = 0; count < 8; count += 1) await capture(rig, 'auto');
    for (let slot = 0; slot < 4; slot += 1) {
      await rig.ask({ cmd: 'MUTE_SLOT', slot, muted: true });
      await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: slot + 4, mode: 'free' });
    }
    const before = [...rig.content];
    expect(await rig.ask(press('auto'))).toMatchObject({ type: 'ERROR', code: 4004 });
    expect(rig.content).toEqual(before);
  });
});
