import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { replicaOf, type Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';
import { captured, made, NOWHERE, open, sessionsOf, withRig } from './session-rig.ts';
import { FIRST } from './session-store.ts';

const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;
const redo = { cmd: 'REDO', scope: 'SESSION' } as const;

/** What is heard: content, mixer, and where the loops lie relative to each other. */
const heard = (rig: Rig) => {
  const origins = rig.state.slots.flatMap(({ originBeat, takeId }) => (takeId ? [originBeat] : []));
  const first = Math.min(...origins);
  return rig.state.slots.map(({ id: _id, originBeat, ...slot }) => ({
    ...slot,
    originBeat: slot.takeId === null ? 0 : originBeat - first,
  }));
};

describe('a new session', () => {
  test('is empty and whole in one group; tempo and meter stay; what sounded is kept', () =>
    withRig(async (rig) => {
      await rig.ask({ cmd: 'SET_METER', beats: 3, unit: 4 });
      await captured(rig, 0);
      await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
      await rig.ask({ cmd: 'RENAME_SLOT', slot: 0, name: 'Bass' });
      rig.core.taken.length = 0;
      const sessionId = await made(rig, '  Evening\u0301  ');
      const kinds = rig.core.taken.map(({ kind }) => kind);
      expect(kinds[0]).toBe(COMMAND_KIND.mark);
      expect(kinds.filter((kind) => kind === COMMAND_KIND.slotSet)).toHaveLength(8);
      expect(kinds).not.toContain(COMMAND_KIND.tempo);
      expect(rig.core.slots.size).toBe(0);
      expect(rig.state.meta).toMatchObject({ sessionId, sessionName: 'Evening\u0301'.normalize() });
      expect(rig.state.transport.meter).toEqual({ beats: 3, unit: 4 });
      expect(rig.state.slots[0]).toMatchObject({ takeId: null, volume: 1, name: '' });
      expect(rig.state.history).toMatchObject({ count: 1, canUndo: false, canRedo: false });
      expect(await rig.ask(undo)).toMatchObject({ code: 4005 });
    })());

  test('clients follow it in one patch', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      rig.session.full();
      const before = rig.emitted.push(rig.session.full());
      rig.send({ cmd: 'NEW_SESSION' });
      rig.session.onEvents(rig.core.step());
      await Promise.resolve();
      rig.session.onEvents(rig.core.step());
      await Bun.sleep(40);
      const patches = rig.emitted.slice(before - 1).filter(({ t }) => t === 'patch');
      expect(patches).toHaveLength(1);
      const replica = replicaOf(rig.emitted.slice(before - 1));
      expect(replica?.slots).toEqual(rig.state.slots);
      expect(replica?.meta.sessionId).toBe(rig.state.meta.sessionId);
      expect(replica?.history).toEqual(rig.state.history);
    })());
});

describe('opening a session', () => {
  test('brings back loops, mixer, names, tempo, meter and its own steps, in their places', () =>
    withRig(async (rig) => {
      const takes = [await captured(rig, 0), await captured(rig, 3)];
      await rig.ask({ cmd: 'SET_VOL', slot: 3, val: 0.25 });
      await rig.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
      await rig.ask({ cmd: 'RENAME_SLOT', slot: 3, name: 'Bass' });
      await rig.ask({ cmd: 'SET_METER', beats: 3, unit: 8 });
      await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
      const before = { heard: heard(rig), history: rig.state.history };
      await made(rig, 'B');
      await rig.ask({ cmd: 'SET_TEMPO', bpm: 150 });
      await rig.ask({ cmd: 'SET_METER', beats: 4, unit: 4 });
      const other = await captured(rig, 0);
      expect(await open(rig, FIRST)).toMatchObject({
        type: 'OK',
        result: { sessionId: FIRST, name: 'Session' },
      });
      expect(heard(rig)).toEqual(before.heard);
      expect(rig.state.history).toEqual(before.history);
      expect(rig.state.transport).toMatchObject({ bpm: 96, meter: { beats: 3, unit: 8 } });
      expect(rig.core.bpm).toBe(96);
      await rig.ask(undo);
      expect(rig.state.transport.bpm).toBe(120);
      await rig.ask(undo);
      expect(rig.content.slice(0, 4)).toEqual([takes[0] ?? '', null, null, null]);
      await rig.ask(redo);
      expect(rig.content).not.toContain(other);
      expect(rig.content[3]).toBe(takes[1] ?? '');
    })());

  test('its first bar is the one that sounds', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      await made(rig);
      rig.core.frame = 33 * BAR_FRAMES + 30_000;
      await open(rig, FIRST);
      expect(rig.state.slots[0]?.originBeat).toBe(4 * 33);
    })());

  test('a session of an engine before comes out of the store as it was', () =>
    withRig(async (rig, store) => {
      await captured(rig, 0);
      await captured(rig, 5);
      await rig.ask({ cmd: 'SET_PAN', slot: 5, val: -1 });
      await rig.ask(undo);
      const before = { heard: heard(rig), history: rig.state.history };
      const second = await made(rig, 'B');
      await captured(rig, 1);
      rig.session.end();
      await rig.settle();
      await sessionsOf(rig);
      expect(store.last()).toMatchObject({ sessionId: second, sessionName: 'B' });
      const next = store.makeRig({ sessionId: second });
      expect(await open(next, FIRST)).toMatchObject({ type: 'OK' });
      expect(heard(next)).toEqual(before.heard);
      expect(next.state.history).toEqual(before.history);
      expect(next.errors).toEqual([]);
      await next.ask(redo);
      expect(next.state.slots[5]).toMatchObject({ state: 'PLAYING' });
    })());

  test('the one that is open: done, and nothing is sent', () =>
    withRig(async (rig) => {
      rig.core.taken.length = 0;
      expect(await open(rig, FIRST)).toMatchObject({ type: 'OK' });
      expect(rig.core.taken).toEqual([]);
    })());

  test('one that is not there is 4017, a store that does not answer 4019; nothing changes', () =>
    withRig(async (rig, store) => {
      await captured(rig, 0);
      const before = rig.state;
      expect(await open(rig, NOWHERE)).toMatchObject({ code: 4017 });
      expect(rig.state).toEqual(before);
      const deaf = store.makeRig({ read: () => new Promise(() => undefined) });
      const reqId = deaf.send({ cmd: 'OPEN_SESSION', sessionId: NOWHERE });
      await deaf.settle();
      await deaf.pass(5000);
      expect(deaf.answerTo(reqId)).toMatchObject({ code: 4019 });
      expect(deaf.state.meta.sessionId).toBe(FIRST);
      expect(await deaf.ask({ cmd: 'CLEAR_SLOT', slot: 0 })).toMatchObject({ code: 4002 });
    })());

  test('a take that cannot be read leaves its slot empty and marked; the others play', () =>
    withRig(async (rig, store) => {
      const first = await captured(rig, 0);
      const second = await captured(rig, 1);
      const other = await made(rig);
      rig.session.end();
      await rig.settle();
      await sessionsOf(rig);
      const next = store.makeRig({ sessionId: other });
      next.core.unreadable.add(wordsOfId(first).join());
      await open(next, FIRST);
      expect(next.content.slice(0, 2)).toEqual([null, second]);
      expect(next.state.alerts['2010:0']).toBeDefined();
      expect(next.state.meta.sessionId).toBe(FIRST);
    })());
});

describe('what was asked for in a session lands in it', () => {
  test('a recording that has not ended is waited for: its riff is the old session’s', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      rig.core.isLineAhead = true;
      const pressed = rig.send({ cmd: 'TRIGGER_SLOT', slot: 1, bars: 1, quantized: true });
      const asked = rig.send({ cmd: 'NEW_SESSION', name: 'B' });
      const early = rig.send({ cmd: 'SET_VOL', slot: 2, val: 0.5 });
      await rig.settle();
      expect(rig.state.meta.sessionId).toBe(FIRST);
      expect(rig.state.slots[1]?.state).toBe('RECORDING');
      expect(rig.answerTo(early)).toMatchObject({ type: 'OK' });
      await rig.reachLine();
      rig.core.frame += 1;
      await rig.settle();
      expect(rig.answerTo(asked)).toMatchObject({ type: 'OK', result: { name: 'B' } });
      expect(rig.content).toEqual(Array(8).fill(null));
      const { takeId } = (rig.answerTo(pressed) as { result: TriggerResult }).result;
      const riffs = rig.writes.filter((write) => write.kind === 'riff');
      expect(riffs.map(({ sessionId, riff }) => [sessionId, riff.slots[1]?.loop?.takeId])).toEqual([
        [FIRST, undefined],
        [FIRST, takeId],
      ]);
      expect(rig.writes.some((write) => write.kind === 'take' && write.take.loose)).toBeFalse();
      await open(rig, FIRST);
      expect(rig.content[1]).toBe(takeId);
      expect(rig.state.history.count).toBe(3);
    })());

  test('a riff whose sound is not on disk yet comes into the store before the opening', () =>
    withRig(async (_, store) => {
      const rig = store.makeRig({ isDiskInstant: false });
      const takeId = await captured(rig, 0);
      await made(rig, 'B');
      expect(rig.writes.map(({ kind }) => kind)).toEqual([]);
      rig.spool(takeId);
      await rig.settle();
      const order = rig.writes.filter(({ kind }) => kind === 'riff' || kind === 'newSession');
      expect(
        order.map(({ kind, ...write }) => [kind, 'sessionId' in write && write.sessionId]),
      ).toEqual([
        ['riff', FIRST],
        ['newSession', rig.state.meta.sessionId],
      ]);
    })());

  test('mixer moves are written for the session they were made in', () =>
    withRig(async (rig) => {
      await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
      const second = await made(rig);
      await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.75 });
      rig.session.end();
      const mixes = rig.writes.filter((write) => write.kind === 'mix');
      expect(mixes.map(({ mix, sessionId }) => [sessionId, mix.slots[0]?.gain])).toEqual([
        [FIRST, 0.5],
        [second, 0.75],
      ]);
    })());

  test('a tempo that was tapped is a step of the session in which it was tapped', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      const tap = { cmd: 'TAP_TEMPO' } as const;
      const now = rig.core.now();
      await rig.ask({ ...tap, at: now - 600 });
      await rig.ask({ ...tap, at: now });
      await made(rig);
      const tempi = rig.writes.filter(
        (write) => write.kind === 'riff' && write.riff.cause === 'TEMPO',
      );
      expect(tempi.map((write) => 'sessionId' in write && write.sessionId)).toEqual([FIRST]);
      expect(rig.state.history.count).toBe(1);
    })());
});
