/** What changes slots happens in the order in which it was asked for, however long a step takes. */
import { describe, expect, test } from 'bun:test';
import type { SessionCommand } from '../../../protocol/commands.ts';
import { capture, press, redo, sounding, undo } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

const merge: SessionCommand = { cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 };

const isAnswered = (rig: Rig, reqId: string): boolean =>
  rig.emitted.some(
    (each) => each.t === 'answer' && 'reqId' in each.message && each.message.reqId === reqId,
  );

describe('while a merge is being made', () => {
  test('an UNDO waits and takes the merge back, not the step before it', async () => {
    const rig = new Rig();
    const takes = [await capture(rig, 0), await capture(rig, 1)];
    const { head } = rig.state.history;
    rig.core.isRendering = true;
    const merging = rig.send(merge);
    const undoing = rig.send(undo);
    await rig.settle();
    expect([merging, undoing].map((reqId) => isAnswered(rig, reqId))).toEqual([false, false]);
    rig.core.isRendering = false;
    await rig.settle();
    expect([merging, undoing].map((reqId) => rig.answerTo(reqId).type)).toEqual(['OK', 'OK']);
    expect(rig.content.slice(0, 2)).toEqual(takes);
    expect(rig.state.history).toMatchObject({ head, redoLabel: '1 + 2 merged into 1' });
    await rig.ask(redo);
    expect(rig.content.slice(0, 2)).toEqual([sounding(rig, 0) ?? '', null]);
  });

  test('a press into another slot comes after it in the history', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await capture(rig, 1);
    rig.core.isRendering = true;
    rig.send(merge);
    rig.core.frame += BAR_FRAMES;
    const pressing = rig.send(press(5));
    await rig.settle();
    rig.core.isRendering = false;
    await rig.settle();
    expect(rig.answerTo(pressing)).toMatchObject({ type: 'OK', result: { slot: 5 } });
    expect(rig.state.history.newest.map(({ label }) => label).slice(0, 2)).toEqual([
      '4 bars into 6',
      '1 + 2 merged into 1',
    ]);
  });

  test('the mixer and the transport do not wait', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await capture(rig, 1);
    rig.core.isRendering = true;
    const merging = rig.send(merge);
    const moves = [
      rig.send({ cmd: 'SET_VOL', slot: 0, val: 0.5 }),
      rig.send({ cmd: 'MUTE_SLOT', slot: 1, muted: true }),
      rig.send({ cmd: 'PAUSE' }),
    ];
    await rig.settle();
    expect(moves.map((reqId) => rig.answerTo(reqId).type)).toEqual(['OK', 'OK', 'OK']);
    expect(rig.state.slots[1]?.muted).toBeTrue();
    expect(isAnswered(rig, merging)).toBeFalse();
  });
});

test('an UNDO after an "auto" press that waits for its merge takes that press back', async () => {
  const rig = new Rig();
  const takes: string[] = [];
  for (let count = 0; count < 8; count += 1) takes.push(await capture(rig, 'auto'));
  const { head } = rig.state.history;
  rig.core.frame += BAR_FRAMES;
  rig.core.isRendering = true;
  const pressing = rig.send(press('auto'));
  rig.send(undo);
  await rig.settle();
  expect(rig.content).toEqual(takes);
  rig.core.isRendering = false;
  await rig.settle();
  expect(rig.answerTo(pressing)).toMatchObject({ type: 'OK', result: { slot: 1 } });
  expect(rig.content).toEqual(takes);
  expect(rig.state.history).toMatchObject({ head, redoLabel: '4 bars into 2' });
});
