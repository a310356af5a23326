import { describe, expect, test } from 'bun:test';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { BAR_FRAMES } from './core-event.ts';
import { Rig } from './rig.ts';

const trigger = (slot: number | 'auto', bars: 1 | 2 | 4 = 4, quantized = true) =>
  ({ cmd: 'TRIGGER_SLOT', slot, bars, quantized }) as const;
const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;
const redo = { cmd: 'REDO', scope: 'SESSION' } as const;

const takeOf = async (rig: Rig, slot: number | 'auto'): Promise<string> => {
  const answer = await rig.ask(trigger(slot));
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as TriggerResult).takeId;
};

describe('undo and redo', () => {
  test('bring content back and leave the mixer as it is', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    const second = await takeOf(rig, 0);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    expect(await rig.ask(undo)).toMatchObject({ type: 'OK' });
    expect(rig.content[0]).toBe(first);
    expect(rig.state.slots[0]?.volume).toBe(0.5);
    await rig.ask(redo);
    expect(rig.content[0]).toBe(second);
    expect(rig.state.slots[0]?.volume).toBe(0.5);
  });

  test('a slot that returns from empty sounds as it did then', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.25 });
    const takeId = await takeOf(rig, 0);
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 1 });
    await rig.ask(undo);
    expect(rig.state.slots[0]).toMatchObject({ takeId, volume: 0.25 });
  });

  test('two at once are two steps, and a clear before them is one', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    await takeOf(rig, 1);
    rig.send({ cmd: 'CLEAR_SLOT', slot: 0 });
    rig.send(undo);
    rig.send(undo);
    await rig.settle();
    expect(rig.content.slice(0, 2)).toEqual([first, null]);
    expect(rig.state.history.count).toBe(4);
  });

  test('while something records, undo forgets it and the head stays', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    rig.core.isLineAhead = true;
    await rig.ask(trigger(1));
    const head = rig.state.history.head;
    expect(await rig.ask(undo)).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[1]).toMatchObject({ state: 'EMPTY', pending: null });
    expect(rig.state.history.head).toBe(head);
    expect(rig.content[0]).toBe(first);
    expect(rig.writes.some((write) => write.kind === 'take' && write.take.loose)).toBeTrue();
  });

  test.each([true, false])(
    'a recording that ended just before the undo came is what it undoes (head told: %p)',
    async (isTold) => {
      const rig = new Rig();
      rig.core.isLineAhead = true;
      await rig.ask(trigger(1));
      const reqId = rig.send({ ...undo, ...(isTold && { ifHead: rig.state.history.head }) });
      await rig.reachLine();
      expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
      expect(rig.content[1]).toBeNull();
      expect(rig.state.history).toMatchObject({ count: 2, canUndo: false, canRedo: true });
    },
  );

  test('with a head that moved: 4003; at the ends: 4005 and 4006', async () => {
    const rig = new Rig();
    const { head } = rig.state.history;
    await takeOf(rig, 0);
    expect(await rig.ask({ ...undo, ifHead: head })).toMatchObject({ code: 4003 });
    expect(await rig.ask(redo)).toMatchObject({ code: 4006 });
    expect(await rig.ask({ ...undo, ifHead: rig.state.history.head })).toMatchObject({
      type: 'OK',
    });
    expect(await rig.ask(undo)).toMatchObject({ code: 4005 });
  });

  test('two who press at once, each seeing the same head, go back one step', async () => {
    const rig = new Rig();
    for (const slot of [0, 1, 2]) await takeOf(rig, slot);
    const { count, head } = rig.state.history;
    const both = [undo, undo].map((command) => rig.send({ ...command, ifHead: head }));
    await rig.settle();
    expect(both.map((reqId) => rig.answerTo(reqId)?.type)).toEqual(['OK', 'ERROR']);
    expect(rig.state.history.count).toBe(count);
    expect(rig.content.slice(0, 3).map((take) => take !== null)).toEqual([true, true, false]);
  });

  test('tempo comes back with the riff that had it', async () => {
    const rig = new Rig();
    await takeOf(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    expect(rig.state.history.undoLabel).toBe('Tempo 120 → 96');
    await rig.ask(undo);
    expect(rig.state.transport.bpm).toBe(120);
    expect(rig.core.bpm).toBe(120);
    await rig.ask(redo);
    expect(rig.state.transport.bpm).toBe(96);
  });

  test('without loops a tempo is no step', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    expect(rig.state.history.count).toBe(1);
    expect(rig.state.transport.bpm).toBe(96);
  });

  test('a take that is on no disk yet is waited for', async () => {
    const rig = new Rig({ isDiskInstant: false });
    const takeId = await takeOf(rig, 0);
    await rig.ask(undo);
    rig.core.unreadable.add(wordsOfId(takeId).join());
    const reqId = rig.send(redo);
    await rig.settle();
    expect(rig.content[0]).toBeNull();
    rig.core.unreadable.clear();
    rig.spool(takeId);
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.content[0]).toBe(takeId);
  });

  test('a take that cannot be read leaves its slot empty and says so', async () => {
    const rig = new Rig();
    await takeOf(rig, 0);
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    const taken = rig.takes.get(rig.history.undoTarget()?.slots[0]?.loop?.takeId ?? '');
    for (const source of rig.takes.sources(taken?.id ?? ''))
      rig.core.unreadable.add(source.id.join());
    expect(await rig.ask(undo)).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]?.state).toBe('EMPTY');
    expect(rig.state.alerts['2010:0']).toMatchObject({ code: 2010, slot: 0 });
  });
});

describe('recall', () => {
  test('restores everything and keeps the mix that no riff held', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    const { head } = rig.state.history;
    await takeOf(rig, 0);
    await rig.ask({ cmd: 'SET_PAN', slot: 0, val: -1 });
    await rig.ask({ cmd: 'SOLO_SLOT', slot: 3, soloed: true });
    await rig.ask({ cmd: 'RECALL_RIFF', riffId: head, when: 'now' });
    expect(rig.state.slots[0]).toMatchObject({ takeId: first, pan: 0, audible: true });
    expect(rig.state.slots[3]?.soloed).toBeFalse();
    expect(rig.state.history).toMatchObject({ head, count: 4 });
    expect(rig.state.history.newest[0]).toMatchObject({ cause: 'MIX' });
    await rig.ask({
      cmd: 'RECALL_RIFF',
      riffId: rig.state.history.newest[0]?.id ?? '',
      when: 'now',
    });
    expect(rig.state.slots[0]?.pan).toBe(-1);
    expect(rig.state.slots[3]?.soloed).toBeTrue();
    expect(rig.state.history.count).toBe(4);
  });

  test('on the bar waits for the line, and a press meanwhile is not held up', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    const { head } = rig.state.history;
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    rig.core.frame = 10 * BAR_FRAMES + BAR_FRAMES / 2;
    expect(await rig.ask({ cmd: 'RECALL_RIFF', riffId: head, when: 'bar' })).toMatchObject({
      type: 'OK',
    });
    expect(rig.state.slots[0]?.pending).toMatchObject({
      kind: 'recall',
      atFrame: 11 * BAR_FRAMES,
      takeId: first,
    });
    expect(rig.content[0]).toBeNull();
    await takeOf(rig, 1);
    rig.core.frame = 11 * BAR_FRAMES;
    await rig.settle();
    expect(rig.content.slice(0, 2)).toEqual([first, null]);
    expect(rig.state.slots[0]).toMatchObject({ pending: null, originBeat: 44 });
    expect(rig.state.history.head).toBe(head);
  });

  test('on the bar brings back what was cleared while it waited', async () => {
    const rig = new Rig();
    const first = await takeOf(rig, 0);
    const { head } = rig.state.history;
    await takeOf(rig, 1);
    // Two rounds of the loop after it began: it would be in its place already.
    rig.core.frame = 13 * BAR_FRAMES + BAR_FRAMES / 2;
    await rig.ask({ cmd: 'RECALL_RIFF', riffId: head, when: 'bar' });
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    expect(rig.content[0]).toBeNull();
    rig.core.frame = 14 * BAR_FRAMES;
    await rig.settle();
    expect(rig.content.slice(0, 2)).toEqual([first, null]);
  });

  test('a control moved after the recall was asked for keeps what the hand said', async () => {
    const rig = new Rig();
    await takeOf(rig, 0);
    const { head } = rig.state.history;
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    rig.send({ cmd: 'RECALL_RIFF', riffId: head, when: 'now' });
    rig.send({ cmd: 'SET_VOL', slot: 0, val: 0.3 });
    await rig.settle();
    expect(rig.state.slots[0]?.volume).toBe(0.3);
  });

  test('a control moved before it does not win over it', async () => {
    const rig = new Rig();
    await takeOf(rig, 0);
    const { head } = rig.state.history;
    rig.send({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
    rig.send({ cmd: 'RECALL_RIFF', riffId: head, when: 'now' });
    await rig.settle();
    expect(rig.state.slots[0]?.muted).toBeFalse();
  });

  test('of a riff nobody made: 4007', async () => {
    const rig = new Rig();
    expect(await rig.ask({ cmd: 'RECALL_RIFF', riffId: rig.newId(), when: 'now' })).toMatchObject({
      code: 4007,
    });
  });
});
