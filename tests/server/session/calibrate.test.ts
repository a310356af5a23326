/** CALIBRATE_LATENCY: measured by the core, told to it, shown, and kept. */
import { expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { latencyOf } from '../../../server/engine/make-session.ts';
import { lateFrames } from '../../../server/session/time/latency.ts';
import { Rig } from './rig.ts';
import { makeEvent } from './core-event.ts';

/** Asks, and lets the core answer with what it heard. */
const calibrated = async (heard: { code?: number; value?: number; value2?: number }) => {
  const rig = new Rig();
  rig.core.isCalibrating = true;
  const reqId = rig.send({ cmd: 'CALIBRATE_LATENCY' });
  const token = rig.core.taken.find(({ kind }) => kind === COMMAND_KIND.calibrate)?.token ?? 0;
  await rig.settle();
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND.calibrated, token, ...heard })]);
  await rig.settle();
  return { rig, answer: rig.answerTo(reqId) };
};

test('what was heard corrects from then on, is shown in ms and kept for the device', async () => {
  const { answer, rig } = await calibrated({ value: 480, value2: 192 });
  expect(answer).toMatchObject({ type: 'OK', result: { latencyMs: 10, outputLatencyMs: 4 } });
  const told = rig.core.taken.filter(({ kind }) => kind === COMMAND_KIND.latency);
  expect(told.map(({ a, b }) => [a, b])).toEqual([[480, 192]]);
  expect(rig.state.devices).toMatchObject({ latencyMs: 10, isMeasured: true, outputLatencyMs: 4 });
  expect(rig.writes.filter(({ kind }) => kind === 'latency')).toEqual([
    {
      kind: 'latency',
      profile: {
        device: 'stepped',
        rateHz: 48_000,
        blockFrames: 128,
        frames: 480,
        outputFrames: 192,
      },
    },
  ]);
});

test('an input that hears nothing changes nothing and says what to do', async () => {
  const { code } = ERRORS.ERR_CALIBRATION_FAILED;
  const { answer, rig } = await calibrated({ code });
  expect(answer).toMatchObject({ type: 'ERROR', code, msg: ERRORS.ERR_CALIBRATION_FAILED.says });
  expect(rig.core.taken.filter(({ kind }) => kind === COMMAND_KIND.latency)).toEqual([]);
  expect(rig.writes.filter(({ kind }) => kind === 'latency')).toEqual([]);
  expect(rig.state.devices).toMatchObject({ latencyMs: 0, isMeasured: false, outputLatencyMs: 0 });
});

test('others are served while it is measured', async () => {
  const rig = new Rig();
  rig.core.isCalibrating = true;
  rig.send({ cmd: 'CALIBRATE_LATENCY' });
  const answer = await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 });
  expect(answer).toMatchObject({ type: 'OK' });
});

const jackAt = (blockFrames: number, deviceKey: number, inputLatencyFrames = 0) =>
  latencyOf(
    {
      opened: {
        latencies: [
          {
            device: 'jack-0000beef',
            rateHz: 48_000,
            blockFrames: 64,
            frames: 96,
            outputFrames: 48,
          },
        ],
        trims: [{ device: 'jack-0000beef', rateHz: 48_000, blockFrames: 64, trimFrames: -24 }],
      },
    } as never,
    { device: { kind: deviceKey === 0 ? 'headless' : 'jack' } } as never,
    {
      blockFrames,
      sampleRateHz: 48_000,
      outputLatencyFrames: 24,
      inputLatencyFrames,
      deviceKey,
    } as never,
  );

test('a new engine takes the profile of its device, rate and block, and no other', () => {
  expect(jackAt(64, 0xbeef)).toEqual({
    latencyMs: 2,
    isMeasured: true,
    outputLatencyMs: 1,
    trimMs: -0.5,
  });
  // The same kind of device with ports of other names is another device.
  for (const other of [jackAt(128, 0xbeef), jackAt(64, 0xbeee), jackAt(64, 0)]) {
    expect(other).toEqual({ latencyMs: 0.5, isMeasured: false, outputLatencyMs: 0.5, trimMs: 0 });
  }
});

test('without a profile the device is believed, both ways together, within reason', () => {
  expect(jackAt(128, 0xbeef, 72)).toMatchObject({ latencyMs: 2, outputLatencyMs: 0.5 });
  expect(jackAt(64, 0xbeef, 72).latencyMs).toBe(2);
  expect(jackAt(128, 0xbeef, 1e9).latencyMs).toBe(500);
});

/** What goes through plug-ins before it is recorded comes so much later. */
const CHAINS = { lateFrames: () => 96 };

test('what the player hears through the engine is in time: no correction while it is monitored', async () => {
  const { rig } = await calibrated({ value: 480, value2: 192 });
  const late = (kind = rig.state.devices.kind) =>
    lateFrames({
      rateHz: 48_000,
      chains: CHAINS,
      state: { ...rig.state, devices: { ...rig.state.devices, kind } },
    });
  expect(late()).toBe(480 + 96);
  await rig.ask({ cmd: 'SET_INPUT', source: 0, monitor: true });
  expect(late()).toBe(0);
  await rig.ask({ cmd: 'SET_INPUT', source: 0, monitor: false });
  expect(late()).toBe(480 + 96);
  // The demo player and files are played inside.
  expect(late('headless')).toBe(0);
});

test('of several pairs only those are in time that are heard in source 0', async () => {
  const { rig } = await calibrated({ value: 480, value2: 192 });
  const heard = [true, true, false].map((monitor) => ({ name: 'Input', gainDb: 0, monitor }));
  const state = { ...rig.state, sources: heard };
  const late = [0, 1, 2].map((source) =>
    lateFrames({ rateHz: 48_000, chains: CHAINS, state }, source),
  );
  expect(late).toEqual([0, 0, 480]);
});
