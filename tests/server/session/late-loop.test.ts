/** A loop that takes long to be made out of others: it is waited for, and never lost meanwhile. */
import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { capture, press, redo, sounding, undo } from './derived-rig.ts';
import { Rig } from './rig.ts';

const { code: MAKING } = ERRORS.ERR_LOOP_MAKING;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Two slots merged into the first; what was made of them is no longer in memory. */
const mergedRig = async () => {
  const rig = new Rig();
  await capture(rig, 0);
  await capture(rig, 1);
  await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
  return { rig, made: rig.content[0] ?? '' };
};

const pass = async (rig: Rig, ms: number) => {
  await rig.settle();
  jest.advanceTimersByTime(ms);
  await rig.pass(ms);
};

const isAnswered = (rig: Rig, reqId: string): boolean =>
  rig.emitted.some(
    (each) => each.t === 'answer' && 'reqId' in each.message && each.message.reqId === reqId,
  );

const alertsOf = (rig: Rig) =>
  Object.values(rig.state.alerts).map(({ code, slot }) => [code, slot]);

/** A new engine of the same session, 10 s after its start; the merge is still being made. */
const restarted = async () => {
  const { made, rig: before } = await mergedRig();
  const rig = new Rig({ history: before.history, takes: before.takes });
  rig.core.isRendering = true;
  rig.session.start();
  await pass(rig, 10_001);
  return { rig, made };
};

describe('a loop that is not made ten seconds after the start', () => {
  test('is in its slot, which says so, and is heard when it is there', async () => {
    const { rig, made } = await restarted();
    expect(rig.session.isRestored).toBeTrue();
    expect(rig.content[0]).toBe(made);
    expect(sounding(rig, 0)).toBeUndefined();
    expect(alertsOf(rig)).toEqual([[MAKING, 0]]);
    rig.core.isRendering = false;
    await rig.settle();
    expect(sounding(rig, 0)).toBe(made);
    expect(alertsOf(rig)).toEqual([]);
  });

  test('stays in the head when something is captured, undone and redone', async () => {
    const { rig, made } = await restarted();
    await capture(rig, 4);
    expect(rig.history.head.slots[0]?.loop?.takeId).toBe(made);
    expect(await rig.ask(undo)).toMatchObject({ type: 'OK' });
    expect(await rig.ask(redo)).toMatchObject({ type: 'OK' });
    expect(rig.content[0]).toBe(made);
    expect(
      rig.core.taken.filter(({ kind, slot }) => kind === COMMAND_KIND.capture && slot === 0),
    ).toEqual([]);
    rig.core.isRendering = false;
    await rig.settle();
    expect(sounding(rig, 0)).toBe(made);
  });

  test('calls off no recording of its slot; when that is forgotten it comes in', async () => {
    for (const isForgotten of [false, true]) {
      const { rig, made } = await restarted();
      rig.core.isLineAhead = true;
      await rig.ask(press(0));
      rig.core.isRendering = false;
      await rig.settle();
      expect(rig.state.slots[0]).toMatchObject({ state: 'RECORDING', takeId: made });
      expect(sounding(rig, 0)).toBeUndefined();
      if (isForgotten) await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
      else await rig.reachLine();
      await rig.pass(1000);
      expect(sounding(rig, 0)).toBe(rig.content[0] ?? '');
      expect(rig.content[0] === made).toBe(isForgotten);
      expect(alertsOf(rig)).toEqual([]);
    }
  });

  test.each([
    { cmd: 'ALIGN_GRID' },
    { cmd: 'SET_TAIL', slot: 0, on: true },
    { cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'stretch' },
  ] as const)('is still waited for after $cmd', async (command) => {
    const { rig, made } = await restarted();
    expect(await rig.ask(command)).toMatchObject({ type: 'OK' });
    expect(alertsOf(rig)).toEqual([[MAKING, 0]]);
    rig.core.isRendering = false;
    await rig.settle();
    expect(rig.content[0]).toBe(made);
    // With the tail on it is another sound of it.
    expect(sounding(rig, 0)).toBeDefined();
    expect(alertsOf(rig)).toEqual([]);
  });

  test('that cannot be made any more leaves its slot empty and says that', async () => {
    const { made, rig: before } = await mergedRig();
    const rig = new Rig({ history: before.history, takes: before.takes });
    rig.core.failsRenders = true;
    rig.session.start();
    await pass(rig, 10_001);
    expect(made).not.toBe('');
    expect(rig.content[0]).toBeNull();
    expect(alertsOf(rig)).toEqual([[ERRORS.ERR_TAKE_UNREADABLE.code, 0]]);
  });
});

describe('UNDO, REDO, RECALL_RIFF and RESTORE_TAKE wait for a loop that has to be made', () => {
  test.each(['UNDO', 'RECALL_RIFF', 'RESTORE_TAKE'] as const)('%s', async (cmd) => {
    for (const isLate of [false, true]) {
      const { rig, made } = await mergedRig();
      const riffId = rig.state.history.head;
      await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
      rig.core.isRendering = true;
      const commands = {
        UNDO: undo,
        RECALL_RIFF: { cmd: 'RECALL_RIFF', riffId, when: 'now' },
        RESTORE_TAKE: { cmd: 'RESTORE_TAKE', slot: 0, takeId: made },
      } as const;
      const asking = rig.send(commands[cmd]);
      await pass(rig, 15_000);
      expect(isAnswered(rig, asking)).toBeFalse();
      if (isLate) await pass(rig, 5_001);
      rig.core.isRendering = false;
      await rig.settle();
      expect(rig.answerTo(asking)).toMatchObject(
        isLate ? { type: 'ERROR', code: 2009 } : { type: 'OK' },
      );
      expect(rig.content[0]).toBe(isLate ? null : made);
    }
  });

  test('REDO', async () => {
    const { rig, made } = await mergedRig();
    await rig.ask(undo);
    rig.core.isRendering = true;
    const asking = rig.send(redo);
    await pass(rig, 15_000);
    expect(isAnswered(rig, asking)).toBeFalse();
    rig.core.isRendering = false;
    await rig.settle();
    expect(rig.answerTo(asking).type).toBe('OK');
    expect(rig.content[0]).toBe(made);
  });
});
