import { describe, expect, test } from 'bun:test';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { BAR_FRAMES, RATE_HZ } from './core-event.ts';
import { Rig } from './rig.ts';

const trigger = (slot: number | 'auto', bars: 1 | 2 | 4 = 4, quantized = true) =>
  ({ cmd: 'TRIGGER_SLOT', slot, bars, quantized }) as const;
const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

const takeOf = async (rig: Rig, slot: number | 'auto'): Promise<string> => {
  const answer = await rig.ask(trigger(slot));
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as TriggerResult).takeId;
};

describe('a press', () => {
  test('makes the last bars the slot loop, a riff, and says which frames', async () => {
    const rig = new Rig();
    const answer = await rig.ask(trigger(2));
    expect(answer).toMatchObject({
      type: 'OK',
      result: { slot: 2, bars: 4, fromFrame: 6 * BAR_FRAMES, toFrame: 10 * BAR_FRAMES },
    });
    expect(rig.state.slots[2]).toMatchObject({
      state: 'PLAYING',
      bars: 4,
      lengthBeats: 16,
      originBeat: 24,
    });
    expect(rig.state.history).toMatchObject({
      count: 2,
      canUndo: true,
      undoLabel: '4 bars into 3',
      undoSlot: 2,
    });
  });

  test('records while its line lies ahead, and plays on the line', async () => {
    const rig = new Rig();
    rig.core.isLineAhead = true;
    expect(await rig.ask(trigger(0))).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]).toMatchObject({ state: 'RECORDING', takeId: null });
    expect(rig.state.slots[0]?.pending).toMatchObject({
      kind: 'capture',
      atFrame: 11 * BAR_FRAMES,
      bars: 4,
    });
    expect(rig.state.history.count).toBe(1);
    await rig.reachLine();
    expect(rig.state.slots[0]).toMatchObject({ state: 'PLAYING', pending: null });
    expect(rig.state.history.count).toBe(2);
  });

  test('"auto" fills the first empty slot, also twice at once', async () => {
    const rig = new Rig();
    const first = rig.send(trigger('auto'));
    const second = rig.send(trigger('auto'));
    await rig.settle();
    expect(rig.answerTo(first)).toMatchObject({ result: { slot: 0 } });
    expect(rig.answerTo(second)).toMatchObject({ result: { slot: 1 } });
  });

  test('"auto" passes over a slot that records', async () => {
    const rig = new Rig();
    rig.core.isLineAhead = true;
    await rig.ask(trigger('auto'));
    expect(await rig.ask(trigger('auto'))).toMatchObject({ result: { slot: 1 } });
  });

  test('a clear forgets what records; what had just ended is cleared', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    rig.core.isLineAhead = true;
    await rig.ask(trigger(0));
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    expect(rig.state.slots[0]).toMatchObject({ takeId: first, pending: null });
    expect(rig.state.history.count).toBe(2);
    await rig.ask(trigger(0));
    rig.send({ cmd: 'CLEAR_SLOT', slot: 0 });
    await rig.reachLine();
    expect(rig.content[0]).toBeNull();
    expect(rig.state.history.count).toBe(4);
  });

  test('keeps its place in the session, whatever beats the engine counts', async () => {
    const rig = new Rig({ gridShift: 8 });
    const takeId = await takeOf(rig, 0);
    expect(rig.state.slots[0]?.originBeat).toBe(24);
    expect(rig.history.head.slots[0]?.loop?.originBeat).toBe(16);
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    await rig.ask(undo);
    expect(rig.state.slots[0]).toMatchObject({ takeId, originBeat: 24 });
  });

  test('into a muted slot plays', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
    await takeOf(rig, 0);
    expect(rig.state.slots[0]).toMatchObject({ muted: false, state: 'PLAYING' });
  });

  test('is refused by the engine with its code, and nothing changes', async () => {
    const rig = new Rig();
    rig.core.sendCode = 2007;
    expect(await rig.ask(trigger(0))).toMatchObject({ type: 'ERROR', code: 2007 });
    rig.core.sendCode = 0;
    expect(await rig.ask(trigger(0))).toMatchObject({ type: 'OK' });
  });
});

describe('saved', () => {
  test('turns true only when the spool holds the window and the store committed', async () => {
    const rig = new Rig({ isDiskInstant: false });
    const takeId = await takeOf(rig, 0);
    expect(rig.writes.filter((write) => write.kind === 'riff')).toEqual([]);
    rig.spool(takeId);
    expect(rig.writes.filter((write) => write.kind === 'riff')).toHaveLength(1);
    expect(rig.state.slots[0]?.saved).toBeFalse();
    expect(rig.core.stored).toEqual([]);
    await rig.settle();
    expect(rig.state.slots[0]?.saved).toBeTrue();
    expect(rig.core.stored).toEqual([wordsOfId(takeId).join()]);
  });

  test('a riff that waits for its take holds back what came after it', async () => {
    const rig = new Rig({ isDiskInstant: false });
    const first = await takeOf(rig, 0);
    const second = await takeOf(rig, 1);
    await rig.ask(undo);
    rig.spool(second);
    expect(rig.writes.filter((write) => write.kind !== 'mix')).toEqual([]);
    rig.spool(first);
    expect(rig.writes.filter((write) => write.kind !== 'mix').map((write) => write.kind)).toEqual([
      'riff',
      'riff',
      'head',
    ]);
  });
});

describe('panic', () => {
  test('ENGINE stops the transport and keeps every loop', async () => {
    const rig = new Rig();
    const takeId = await takeOf(rig, 0);
    await rig.ask({ cmd: 'PANIC', scope: 'ENGINE' });
    expect(rig.state.transport.isPlaying).toBeFalse();
    expect(rig.content[0]).toBe(takeId);
  });

  test('ALL empties every slot and forgets what records, as one step that can be undone', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    const second = await takeOf(rig, 1);
    rig.core.isLineAhead = true;
    await rig.ask(trigger(2));
    const before = rig.state.history.count;
    await rig.ask({ cmd: 'PANIC', scope: 'ALL' });
    expect(rig.content.every((id) => id === null)).toBeTrue();
    expect(rig.state.slots[2]?.pending).toBeNull();
    expect(rig.state.history.count).toBe(before + 1);
    await rig.ask(undo);
    expect(rig.content.slice(0, 3)).toEqual([first, second, null]);
  });
});

describe('doors', () => {
  test('each meaning that cannot be is refused with its code', async () => {
    const rig = new Rig();
    const cases = [
      [{ cmd: 'SET_VOL', slot: 99, val: 1 }, 4001],
      [{ cmd: 'CLEAR_SLOT', slot: 99 }, 4001],
      [trigger(99), 4001],
      [{ cmd: 'CLEAR_SLOT', slot: 0 }, 4002],
      [{ ...trigger(0), source: 3 }, 4009],
      [{ cmd: 'SET_INPUT', source: 3 }, 4009],
      [{ cmd: 'PLAY', at: rig.core.now() - 2500 }, 5012],
    ] as const;
    const before = rig.state;
    for (const [command, code] of cases) {
      expect(await rig.ask(command)).toMatchObject({ type: 'ERROR', code });
    }
    expect(rig.state).toBe(before);
    expect(rig.core.sent).toEqual([]);
  });

  test('a frame to act at is for this computer alone', async () => {
    const rig = new Rig();
    rig.session.onMessage({
      t: 'command',
      clientId: 'phone',
      loopback: false,
      command: { cmd: 'PLAY', atFrame: 5, reqId: 'x' },
    });
    await rig.settle();
    expect(rig.answerTo('x')).toMatchObject({ code: 5011 });
  });
});

describe('a command for a frame to come', () => {
  test('far ahead: others have their turn before it, its answer comes when it was done', async () => {
    const rig = new Rig();
    const atFrame = rig.core.frame + 20 * RATE_HZ;
    const far = rig.send({ ...trigger(0), atFrame });
    expect(await rig.ask(trigger(1))).toMatchObject({ type: 'OK', result: { slot: 1 } });
    expect(() => rig.answerTo(far)).toThrow('no answer');
    rig.core.frame = atFrame;
    await rig.settle();
    expect(rig.answerTo(far)).toMatchObject({ type: 'OK', result: { slot: 0 } });
  });

  test('near: what comes after it sees what it did', async () => {
    const rig = new Rig();
    const atFrame = rig.core.frame + RATE_HZ / 2;
    rig.send({ ...trigger(0), atFrame });
    const after = rig.send(undo);
    await rig.settle();
    expect(() => rig.answerTo(after)).toThrow('no answer');
    rig.core.frame = atFrame;
    await rig.settle();
    expect(rig.answerTo(after)).toMatchObject({ type: 'OK' });
    expect(rig.content[0]).toBeNull();
  });

  test('more than a minute ahead is refused', async () => {
    const rig = new Rig();
    const minute = rig.core.frame + 60 * RATE_HZ;
    expect(await rig.ask({ ...trigger(0), atFrame: minute + 1 })).toMatchObject({ code: 2006 });
    const allowed = rig.send({ ...trigger(0), atFrame: minute });
    rig.core.frame = minute;
    await rig.settle();
    expect(rig.answerTo(allowed)).toMatchObject({ type: 'OK' });
  });
});

describe('answers', () => {
  test('a repeated reqId has no second effect and gets the first answer again', async () => {
    const rig = new Rig();
    const first = await rig.ask({ ...trigger('auto'), reqId: 'same' });
    rig.send({ ...trigger('auto'), reqId: 'same' });
    await rig.settle();
    expect(rig.content.filter(Boolean)).toHaveLength(1);
    const answers = rig.emitted.flatMap((each) => (each.t === 'answer' ? [each.message] : []));
    expect(answers).toEqual([first, { ...first, dup: true } as typeof first]);
  });

  test('a repeat that overtakes the answer gets it when it is there', async () => {
    const rig = new Rig();
    rig.send({ ...trigger('auto'), reqId: 'same' });
    rig.send({ ...trigger('auto'), reqId: 'same' });
    await rig.settle();
    const answers = rig.emitted.flatMap((each) => (each.t === 'answer' ? [each.message] : []));
    expect(answers.map((each) => 'dup' in each)).toEqual([false, true]);
    expect(rig.content.filter(Boolean)).toHaveLength(1);
  });

  test('the same reqId of another client is another request', async () => {
    const rig = new Rig();
    rig.send({ ...trigger('auto'), reqId: 'same' }, 'a');
    rig.send({ ...trigger('auto'), reqId: 'same' }, 'b');
    await rig.settle();
    expect(rig.content.filter(Boolean)).toHaveLength(2);
  });

  test('an error without a reqId is sent without one, a success is not answered', async () => {
    const rig = new Rig();
    const send = (command: Parameters<Rig['send']>[0]) =>
      rig.session.onMessage({ t: 'command', clientId: 'c', loopback: true, command });
    send({ cmd: 'SET_VOL', slot: 99, val: 1 });
    send({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await rig.settle();
    const answers = rig.emitted.flatMap((each) => (each.t === 'answer' ? [each.message] : []));
    expect(answers).toEqual([{ type: 'ERROR', code: 4001, msg: 'There is no such slot.' }]);
    expect(rig.state.slots[0]?.volume).toBe(0.5);
  });
});
