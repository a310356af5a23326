/** SET_LATENCY_TRIM: told to the core with the latency, shown, kept for the device, never undone. */
import { expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { SESSION_COMMANDS } from '../../../protocol/commands.ts';
import { lateFrames } from '../../../server/session/time/latency.ts';
import { capture, redo, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { makeEvent } from './core-event.ts';

const trim = (trimMs: number) => ({ cmd: 'SET_LATENCY_TRIM', trimMs }) as const;

const lateOf = ({ state }: Rig) =>
  lateFrames({ rateHz: 48_000, state, chains: { lateFrames: () => 0 } });

/** The core answers a measurement that was asked for. */
const hear = (rig: Rig, value: number) => {
  const asked = rig.core.taken.findLast(({ kind }) => kind === COMMAND_KIND.calibrate);
  const token = asked?.token ?? 0;
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND.calibrated, token, value, value2: 192 })]);
};

const measure = async (rig: Rig, value: number) => {
  rig.core.isCalibrating = true;
  rig.send({ cmd: 'CALIBRATE_LATENCY' });
  await rig.settle();
  hear(rig, value);
  await rig.settle();
};

const told = (rig: Rig) =>
  rig.core.taken.filter(({ kind }) => kind === COMMAND_KIND.latency).map(({ a, b }) => [a, b]);

test('is added to what was measured, in whole frames, and kept for device, rate and block', async () => {
  const rig = new Rig();
  await measure(rig, 480);
  expect(await rig.ask(trim(2.51))).toMatchObject({ type: 'OK', result: { trimMs: 2.5 } });
  expect(told(rig)).toEqual([
    [480, 192],
    [600, 192],
  ]);
  expect(rig.state.devices).toMatchObject({ latencyMs: 10, outputLatencyMs: 4, trimMs: 2.5 });
  expect(lateOf(rig)).toBe(600);
  expect(rig.writes.filter(({ kind }) => kind === 'latencyTrim')).toEqual([
    {
      kind: 'latencyTrim',
      trim: { device: 'stepped', rateHz: 48_000, blockFrames: 128, trimFrames: 120 },
    },
  ]);
});

test('a measurement keeps it; nothing is read from before it was played', async () => {
  const rig = new Rig();
  await rig.ask(trim(-5));
  expect(told(rig)).toEqual([[0, 0]]);
  expect(lateOf(rig)).toBe(0);
  await measure(rig, 480);
  expect(told(rig).at(-1)).toEqual([240, 192]);
  expect(rig.state.devices).toMatchObject({ latencyMs: 10, trimMs: -5 });
  expect(rig.writes.findLast(({ kind }) => kind === 'latency')).toMatchObject({
    profile: { frames: 480 },
  });
});

test.each([true, false])(
  'of a trim and a measurement under way together the core knows both, trim first: %p',
  async (isTrimFirst) => {
    const rig = new Rig();
    rig.core.isCalibrating = true;
    rig.send({ cmd: 'CALIBRATE_LATENCY' });
    await rig.settle();
    if (isTrimFirst) rig.send(trim(5));
    hear(rig, 480);
    if (!isTrimFirst) rig.send(trim(5));
    await rig.settle();
    expect(told(rig).at(-1)).toEqual([720, 192]);
    expect(rig.state.devices).toMatchObject({ latencyMs: 10, trimMs: 5 });
  },
);

test('is no step: UNDO and REDO leave it', async () => {
  const rig = new Rig();
  await capture(rig, 0);
  const { head } = rig.state.history;
  await rig.ask(trim(7));
  expect(rig.state.history.head).toBe(head);
  await rig.ask(undo);
  expect(rig.state.slots[0]?.takeId).toBeNull();
  await rig.ask(redo);
  expect(rig.state.devices.trimMs).toBe(7);
});

test('a new core is told of it with the latency', () => {
  const rig = new Rig({ latencies: { latencyMs: 10, outputLatencyMs: 4, trimMs: -2 } });
  const seen = watch(rig);
  rig.session.start();
  const started = seen.filter(({ kind }) => kind === COMMAND_KIND.latency);
  expect(started.map(({ a, b }) => [a, b])).toEqual([[384, 192]]);
});

test('more than 100 ms either way is refused at the door', () => {
  const isTaken = (trimMs: number) => Value.Check(SESSION_COMMANDS.SET_LATENCY_TRIM, trim(trimMs));
  expect([-100, 0, 100].map(isTaken)).toEqual([true, true, true]);
  expect([-100.01, 100.01, Number.NaN].map(isTaken)).toEqual([false, false, false]);
});
