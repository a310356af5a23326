/** CALIBRATE_LATENCY: measured by the core, told to it, shown, and kept. */
import { expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { latencyOf } from '../../../server/engine/make-session.ts';
import { Rig } from './rig.ts';
import { makeEvent } from './scripted-core.ts';

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
  expect(rig.state.devices).toMatchObject({ latencyMs: 10, outputLatencyMs: 4 });
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
  expect(rig.state.devices).toMatchObject({ latencyMs: 0, outputLatencyMs: 0 });
});

test('others are served while it is measured', async () => {
  const rig = new Rig();
  rig.core.isCalibrating = true;
  rig.send({ cmd: 'CALIBRATE_LATENCY' });
  const answer = await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 });
  expect(answer).toMatchObject({ type: 'OK' });
});

test('a new engine takes the profile of its device, rate and block, and no other', () => {
  const profile = { device: 'jack', rateHz: 48_000, blockFrames: 64, frames: 96, outputFrames: 48 };
  const latencyAt = (blockFrames: number, kind = 'jack') =>
    latencyOf(
      { opened: { latencies: [profile] } } as never,
      { device: { kind } } as never,
      { blockFrames, sampleRateHz: 48_000, outputLatencyFrames: 24 } as never,
    );
  expect(latencyAt(64)).toEqual({ latencyMs: 2, outputLatencyMs: 1 });
  const believed = { latencyMs: 0, outputLatencyMs: 0.5 };
  expect(latencyAt(128)).toEqual(believed);
  expect(latencyAt(64, 'headless')).toEqual(believed);
});
