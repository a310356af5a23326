import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND, RENDER_MODE } from '../../../protocol/abi.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { depthOf, RECIPE_DEPTH_MAX } from '../../../server/session/takes/recipe.ts';
import { capture, partsOf, press, redo, sounding, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { BEAT_FRAMES } from './core-event.ts';

describe('an overdub', () => {
  test('joins what plays, 5 % over it, and is one loop as soon as that is rendered', async () => {
    const rig = new Rig();
    const below = await capture(rig, 0, 4);
    const seen = watch(rig);
    const over = await capture(rig, 0, 2, 'overdub');
    const record = seen.find(({ kind }) => kind === COMMAND_KIND.capture);
    expect(record).toMatchObject({ slot: 0, a: 2, d: 0.95 });
    expect((record?.flags ?? 0) & COMMAND_FLAGS.overdub).not.toBe(0);

    const made = rig.content[0];
    expect(made).not.toBe(below);
    expect(made).not.toBe(over);
    expect(rig.state.slots[0]).toMatchObject({ bars: 4, lengthBeats: 16, saved: true });
    const swap = seen.find(({ kind }) => kind === COMMAND_KIND.slotSwap);
    expect(idOfWords(swap?.id ?? [])).toBe(made ?? '');
    expect(idOfWords(swap?.other ?? [])).toBe(over);
    expect(swap).toMatchObject({ slot: 0, b: 16, c: 0, a: rig.state.slots[0]?.originBeat });
    expect(sounding(rig, 0)).toBe(made ?? '');
    const twoBars = 8 * BEAT_FRAMES;
    expect(partsOf(rig, made ?? '')).toEqual([
      { id: below, mode: RENDER_MODE.repitch, startFrames: 0, gainLeft: 0.95, gainRight: 0.95 },
      // Three bars later than the loop below: one bar into its own two when that begins.
      {
        id: over,
        mode: RENDER_MODE.repitch,
        startFrames: twoBars / 2,
        gainLeft: 1,
        gainRight: 1,
      },
    ]);
    expect(rig.state.history).toMatchObject({ count: 3, undoLabel: '2 bars over 1' });
  });

  test('tells where its takes are heard in it, also through a loop made of it', async () => {
    const rig = new Rig();
    const below = await capture(rig, 0, 4);
    const over = await capture(rig, 0, 2, 'overdub');
    const third = await capture(rig, 1, 4);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    expect(rig.state.slots[0]?.layerCount).toBe(3);
    const oneBar = 4 * BEAT_FRAMES;
    const gains = (gain: number) => ({ gainLeft: gain, gainRight: gain, ratio: 1 });
    expect(rig.takes.info(rig.content[0] ?? '')?.location).toEqual({
      kind: 'derived',
      layers: [
        { takeId: below, startFrames: 0, ...gains(0.475) },
        { takeId: over, startFrames: oneBar, ...gains(0.5) },
        { takeId: third, startFrames: 2 * oneBar, ...gains(1) },
      ],
    });
  });

  test('is undone and redone', async () => {
    const rig = new Rig();
    const below = await capture(rig, 0);
    await capture(rig, 0, 4, 'overdub');
    const made = rig.content[0];
    await rig.ask(undo);
    expect(rig.content[0]).toBe(below);
    expect(sounding(rig, 0)).toBe(below);
    await rig.ask(redo);
    expect(rig.content[0]).toBe(made ?? null);
    expect(sounding(rig, 0)).toBe(made ?? '');
  });

  test('is as long as both come round together; beyond 16 bars: 4010, and nothing is pressed', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'SET_METER', beats: 3, unit: 4 });
    rig.core.frame += 8 * BEAT_FRAMES;
    await capture(rig, 0, 2);
    await rig.ask({ cmd: 'SET_METER', beats: 4, unit: 4 });
    await capture(rig, 0, 16);
    await rig.ask({ cmd: 'SET_METER', beats: 3, unit: 4 });
    const { count } = rig.state.history;
    expect(await rig.ask(press(0, 1, 'overdub'))).toMatchObject({ type: 'ERROR', code: 4010 });
    expect(rig.state.history.count).toBe(count);
  });

  test('into an empty slot it is any capture; onto a loop of its own speed: 4010', async () => {
    const rig = new Rig();
    const first = await capture(rig, 3, 4, 'overdub');
    expect(rig.content[3]).toBe(first);
    expect(rig.state.history.undoLabel).toBe('4 bars into 4');
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 3, mode: 'free' });
    expect(await rig.ask(press(3, 4, 'overdub'))).toMatchObject({ type: 'ERROR', code: 4010 });
  });

  test('while the line lies ahead the loop below plays on; UNDO forgets it', async () => {
    const rig = new Rig();
    const below = await capture(rig, 0);
    rig.core.isLineAhead = true;
    await rig.ask(press(0, 4, 'overdub'));
    expect(rig.state.slots[0]).toMatchObject({ state: 'RECORDING', takeId: below });
    await rig.ask(undo);
    expect(rig.state.slots[0]).toMatchObject({ state: 'PLAYING', takeId: below, pending: null });
    await rig.ask(press(0, 4, 'overdub'));
    await rig.reachLine();
    expect(rig.content[0]).not.toBe(below);
    expect(rig.state.history.undoLabel).toBe('4 bars over 1');
  });

  test('a busy engine refuses it with its code, and the loop below plays on', async () => {
    const rig = new Rig();
    const below = await capture(rig, 0);
    rig.core.sendCode = 2007;
    expect(await rig.ask(press(0, 4, 'overdub'))).toMatchObject({ type: 'ERROR', code: 2007 });
    expect(rig.content[0]).toBe(below);
  });

  test('the store gets both takes before the loop made of them, and its recipe', async () => {
    const rig = new Rig({ isDiskInstant: false });
    const below = await capture(rig, 0);
    const over = await capture(rig, 0, 4, 'overdub');
    const made = rig.content[0];
    rig.spool(below);
    await rig.settle();
    const riffs = () => rig.writes.flatMap((write) => (write.kind === 'riff' ? [write] : []));
    expect(riffs()).toHaveLength(1);
    expect(rig.state.slots[0]?.saved).toBeFalse();
    rig.spool(over);
    await rig.settle();
    expect(riffs()[1]?.takes.map(({ id }) => id)).toEqual([below, over, made ?? '']);
    expect(riffs()[1]?.takes[2]?.recipe?.layers.map(({ takeId }) => takeId)).toEqual([below, over]);
    expect(rig.state.slots[0]?.saved).toBeTrue();
  });
});

/** Six times what one render holds. */
const OVERDUBS = 6 * LIMITS.renderPartsMax;

describe('many overdubs', () => {
  test('a recipe is never deeper than eight, nor has it more parts than a render takes', async () => {
    const rig = new Rig();
    const pressed = [await capture(rig, 0, 1)];
    for (let count = 1; count < OVERDUBS; count += 1) {
      pressed.push(await capture(rig, 0, 1, 'overdub'));
      const recipe = rig.takes.get(rig.content[0] ?? '')?.recipe;
      if (!recipe) throw new Error('no recipe');
      expect(depthOf(recipe, rig.takes)).toBeLessThanOrEqual(RECIPE_DEPTH_MAX);
      expect(recipe.layers.length).toBeLessThanOrEqual(LIMITS.renderPartsMax);
    }
    const groups = rig.core.rendered.filter(
      ({ parts }) => parts.length >= LIMITS.renderPartsMax / 2,
    );
    // Groups are made once, not again for every overdub.
    expect(new Set(groups.map(({ recipe }) => recipe.id.join())).size).toBeLessThan(80);
    // All of them sound, each 5 % lower for each that came over it.
    const weights = new Map<string, number>();
    const weigh = (takeId: string, gain: number): void => {
      const recipe = rig.takes.get(takeId)?.recipe;
      if (!recipe) weights.set(takeId, (weights.get(takeId) ?? 0) + gain);
      for (const layer of recipe?.layers ?? []) weigh(layer.takeId, gain * layer.gainLeft);
    };
    weigh(rig.content[0] ?? '', 1);
    expect([...weights.keys()].toSorted()).toEqual(pressed.toSorted());
    for (const [index, takeId] of pressed.entries()) {
      const over = pressed.length - 1 - index;
      expect(weights.get(takeId)).toBeCloseTo(0.95 ** over, 9);
    }
  });
});
