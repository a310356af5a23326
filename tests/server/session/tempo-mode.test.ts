import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND, EVENT_KIND, RENDER_MODE } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { STILL_MS } from '../../../server/session/sounds/sound-keeper.ts';
import { capture, partsOf, redo, sounding, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { makeEvent, RATE_HZ } from './core-event.ts';

const mode = (slot: number, to: 'repitch' | 'stretch' | 'free') =>
  ({ cmd: 'SET_TEMPO_MODE', slot, mode: to }) as const;

describe('a change of the tempo', () => {
  test('once it stands still for 150 ms, every loop is rendered for it and swapped', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0, 2);
    const rendered = rig.core.rendered.length;
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 60 });
    await rig.pass(STILL_MS - 1);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS - 1);
    expect(rig.core.rendered).toHaveLength(rendered);
    expect(sounding(rig, 0)).toBe(takeId);
    const seen = watch(rig);
    await rig.pass(1);
    expect(rig.core.rendered).toHaveLength(rendered + 1);
    expect(rig.core.rendered.at(-1)?.recipe).toMatchObject({
      frames: 240_000,
      framesPerBeat: 30_000,
    });
    expect(partsOf(rig, sounding(rig, 0))).toMatchObject([
      { id: takeId, mode: RENDER_MODE.repitch, startFrames: 0 },
    ]);
    expect(seen).toMatchObject([{ kind: COMMAND_KIND.slotSwap, slot: 0, b: 8, c: 0 }]);
    expect(rig.content[0]).toBe(takeId);

    await rig.ask({ cmd: 'SET_TEMPO', bpm: 120 });
    await rig.pass(STILL_MS);
    expect(sounding(rig, 0)).toBe(takeId);
  });

  test('a slot that plays something else when the sound is ready keeps it', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 60 });
    // Nobody but the core knows of it yet.
    rig.core.slots.set(0, '9,9,9,9');
    await rig.pass(STILL_MS);
    expect(sounding(rig, 0)).toBe(idOfWords([9, 9, 9, 9]));
    expect(rig.errors).toEqual([]);
  });

  test('is one step with all its loops: UNDO brings the tempo and their own sound back', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    expect(sounding(rig, 0)).not.toBe(takeId);
    await rig.ask(undo);
    await rig.pass(STILL_MS);
    expect(rig.state.transport.bpm).toBe(120);
    expect(sounding(rig, 0)).toBe(takeId);
  });
});

describe('SET_TEMPO_MODE', () => {
  test('stretch: rendered by the stretcher; the state, UNDO and REDO say so', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    const repitched = sounding(rig, 0);
    expect(await rig.ask(mode(0, 'stretch'))).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]).toMatchObject({ tempoMode: 'stretch', takeId });
    expect(rig.state.history.undoLabel).toBe('1 follows at its pitch');
    expect(partsOf(rig, sounding(rig, 0))[0]).toMatchObject({ mode: RENDER_MODE.stretch });
    await rig.ask(undo);
    expect(rig.state.slots[0]?.tempoMode).toBe('repitch');
    await rig.settle();
    expect(sounding(rig, 0)).toBe(repitched ?? '');
    await rig.ask(redo);
    expect(rig.state.slots[0]?.tempoMode).toBe('stretch');
    const { count } = rig.state.history;
    expect(await rig.ask(mode(0, 'stretch'))).toMatchObject({ type: 'OK' });
    expect(rig.state.history.count).toBe(count);
  });

  test('how far the new sound is can be seen, a few times a second, until it plays', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await capture(rig, 1);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    const render = rig.core.renderTake.bind(rig.core);
    const seen: (number | null)[][] = [];
    rig.core.renderTake = (recipe, parts) => {
      for (let part = 1; part <= 20; part += 1) {
        rig.core.frame += RATE_HZ / 20;
        const event = { kind: EVENT_KIND.rendering, value: part / 20 };
        rig.session.onEvents([
          makeEvent({ ...event, id: recipe.id }),
          makeEvent({ ...event, id: wordsOfId(rig.newId()) }),
        ]);
        seen.push(rig.state.slots.slice(0, 2).map(({ rendering }) => rendering));
      }
      return render(recipe, parts);
    };
    await rig.ask(mode(1, 'stretch'));
    expect(seen).toHaveLength(20);
    expect(seen.every(([other]) => other === null)).toBeTrue();
    const told = new Set(seen.map(([, own]) => own));
    expect([...told]).toEqual([0.05, 0.3, 0.55, 0.8]);
    expect(rig.state.slots[1]?.rendering).toBeNull();
  });

  test('stretch without Rubber Band: one notice, and the loop goes on repitched', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await capture(rig, 1);
    rig.core.hasStretcher = false;
    await rig.ask(mode(0, 'stretch'));
    await rig.ask(mode(1, 'stretch'));
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    const { code } = ERRORS.ERR_STRETCHER_MISSING;
    const notices = rig.emitted.filter((each) => each.t === 'notice');
    expect(notices).toMatchObject([{ message: { code } }]);
    for (const slot of [0, 1]) {
      expect(partsOf(rig, sounding(rig, slot))[0]).toMatchObject({ mode: RENDER_MODE.repitch });
      expect(rig.state.slots[slot]?.tempoMode).toBe('stretch');
    }
  });

  test('free: its own sound from where it is; back on the grid it is rendered again', async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    const seen = watch(rig);
    await rig.ask(mode(0, 'free'));
    expect(seen).toMatchObject([
      { kind: COMMAND_KIND.slotSwap, slot: 0 },
      { kind: COMMAND_KIND.slotFree, slot: 0, flags: COMMAND_FLAGS.on },
    ]);
    expect(idOfWords(seen[0]?.id ?? [])).toBe(takeId);
    expect(rig.state.slots[0]?.tempoMode).toBe('free');
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 80 });
    await rig.pass(STILL_MS);
    expect(sounding(rig, 0)).toBe(takeId);
    await rig.ask(undo);
    await rig.ask(undo);
    expect(rig.state.slots[0]?.tempoMode).toBe('repitch');
    await rig.ask(redo);
    expect(seen.filter(({ kind }) => kind === COMMAND_KIND.slotFree)).toHaveLength(2);
    expect(rig.state.slots[0]?.tempoMode).toBe('free');
    await rig.ask(mode(0, 'repitch'));
    await rig.pass(STILL_MS);
    expect(seen.at(-1)).toMatchObject({ kind: COMMAND_KIND.slotSwap });
    expect(seen.filter(({ kind }) => kind === COMMAND_KIND.slotFree).at(-1)?.flags).toBe(0);
  });

  test('refusals: 4001, 4002; a capture into the slot keeps stretching, but is on the grid', async () => {
    const rig = new Rig();
    expect(await rig.ask(mode(20, 'free'))).toMatchObject({ type: 'ERROR', code: 4001 });
    expect(await rig.ask(mode(0, 'free'))).toMatchObject({ type: 'ERROR', code: 4002 });
    await capture(rig, 0);
    await rig.ask(mode(0, 'free'));
    await capture(rig, 0);
    expect(rig.state.slots[0]?.tempoMode).toBe('repitch');
    await rig.ask(mode(0, 'stretch'));
    await capture(rig, 0);
    expect(rig.state.slots[0]?.tempoMode).toBe('stretch');
  });
});
