import { describe, expect, test } from 'bun:test';
import { CONFIG_FLAGS } from '../../../protocol/abi.ts';
import { FEATURE_HEADER } from '../../../protocol/features.ts';
import type { FlowZoneConfig } from '../../../server/config.ts';
import { deviceChoices, isStandIn, sourcesOf } from '../../../server/engine/device.ts';
import type { EngineStatus } from '../../../server/engine/flow-core.ts';
import { makeGridReader } from '../../../server/engine/grid-reader.ts';
import { healthOf, makeSystemOf } from '../../../server/engine/health.ts';
import { bpmOfGrid } from '../../../server/engine/make-session.ts';
import { startPollLoop } from '../../../server/engine/poll-loop.ts';
import { until } from '../../judge/product.ts';
import { at } from '../../support/at.ts';
import { makeEvent } from '../session/core-event.ts';

const config = {
  device: 'auto',
  inputPath: null,
  outputPath: null,
  logFolder: null,
} as FlowZoneConfig;
const kinds = (more: Partial<FlowZoneConfig>, platform: NodeJS.Platform = 'linux') =>
  deviceChoices({ ...config, ...more }, platform).map(({ kind }) => kind);

describe('the device', () => {
  test('auto: what the system plays through, then headless', () => {
    expect(kinds({})).toEqual(['jack', 'headless']);
    expect(kinds({}, 'darwin')).toEqual(['coreaudio', 'headless']);
  });

  test('files are for the headless device; a named one has no second choice', () => {
    expect(kinds({ inputPath: '/a.wav' })).toEqual(['headless']);
    expect(kinds({ outputPath: '/a.wav' })).toEqual(['headless']);
    expect(kinds({ device: 'jack' })).toEqual(['jack']);
  });

  test('a named one has a silent stand-in when the engine comes back, and in the last step of Safe Mode', () => {
    const safe = (step: number) => ({ step, reason: '', suspects: [], sinceMs: 0 });
    expect(kinds({ device: 'jack', isRestart: true })).toEqual(['jack', 'headless']);
    expect(kinds({ device: 'jack', safe: safe(2) })).toEqual(['jack', 'headless']);
    expect(kinds({ device: 'jack', safe: safe(1) })).toEqual(['jack']);
    const [, silent] = deviceChoices({ ...config, device: 'jack', isRestart: true });
    expect(silent).toMatchObject({ flags: 0, isMonitored: false });
    expect(silent && isStandIn({ ...config, device: 'jack' }, silent)).toBeTrue();
    expect(silent && isStandIn(config, silent)).toBeFalse();
  });

  test('the demo player is heard, an input file is not', () => {
    const [demo] = deviceChoices({ ...config, device: 'headless' });
    const [file] = deviceChoices({ ...config, device: 'headless', inputPath: '/a.wav' });
    expect(demo).toMatchObject({
      flags: CONFIG_FLAGS.demoPlayer | CONFIG_FLAGS.monitor,
      isMonitored: true,
    });
    expect(file).toMatchObject({ flags: 0, isMonitored: false, sourceName: 'Input file' });
  });
});

test('of a card the first pair is part of what is played, of a file every one', () => {
  const heard = (more: Partial<FlowZoneConfig>) => {
    const device = at(deviceChoices({ ...config, ...more }), 0);
    return sourcesOf(device, 4).map(({ name, monitor }) => [name, monitor]);
  };
  expect(heard({ device: 'jack' })).toEqual([
    ['Input', false],
    ['Input 1–2', true],
    ['Input 3–4', false],
    ['Input 5–6', false],
  ]);
  const file = heard({ device: 'headless', inputPath: '/a.wav' });
  expect(file.map(([, monitor]) => monitor)).toEqual([false, true, true, true]);
});

const status: EngineStatus = {
  frame: 50_000,
  firstFrame: 0,
  nowMs: 1000,
  blocks: 390,
  xruns: 2,
  framesIn: 50_000,
  framesDurable: 40_000,
  framesWritten: 4000,
  framesQueued: 6000,
  framesGap: 0,
  ringOldestFrame: 0,
  ringFrames: 60_000,
  bufferFrames: 80_000,
  overflowBytes: 4096,
  isSecondFolder: 0,
  beat: 2,
  beatFrac: 0.25,
  framesPerBeat: 24_000,
  outputLatencyFrames: 0,
  inputLatencyFrames: 0,
  loopBytes: 0,
  sourceCount: 1,
  sampleRateHz: 48_000,
  blockFrames: 128,
  deviceKind: 0,
  deviceKey: 0,
  deviceState: 0,
  diskState: 1,
  isPlaying: 1,
  hasRealTime: 0,
  ringIsShared: 1,
  adopted: 0,
  eventsLost: 0,
  load: 0.12345,
  loadPeak: 0.2,
  syncSeconds: 0.5,
  syncCounts: [3, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
};

const noTimes = { bounds: [], counts: [0], sum: 0 };

describe('figures', () => {
  test('health says what the disk owes, and the sum is what came in', () => {
    const { disk, times } = healthOf(status, {
      mode: 'NORMAL',
      epoch: 'e',
      device: 'headless',
      keeper: null,
      times: { commitDurable: noTimes, sessionSync: noTimes },
    });
    expect(disk).toMatchObject({
      state: 'slow',
      backlogFrames: 6000,
      overflowBytes: 4096,
      isSecondFolder: false,
      bufferUsage: 0.125,
    });
    expect(times.spoolSync).toMatchObject({ counts: status.syncCounts, sum: 0.5 });
    expect(times.spoolSync.bounds).toHaveLength(status.syncCounts.length - 1);
    expect(disk.framesDurable + disk.framesWritten + disk.framesQueued + disk.gapFrames).toBe(
      disk.framesIn,
    );
  });

  test('the system part is rounded, so that noise makes no patches', () => {
    let ms = 0;
    const system = makeSystemOf(() => (ms += 1000))(status);
    expect(system).toMatchObject({ audioLoad: 0.123, diskBufferUsage: 0.125, xruns: 2 });
    expect(system.memoryUsageMB).toBeGreaterThan(10);
    expect(system.cpuLoad).toBeWithin(0, 1.01);
  });

  test('a grid that goes on keeps the tempo the player gave', () => {
    expect(bpmOfGrid(2 * Math.round((30 * 48_000) / 97.3), 48_000, [120, 97.3])).toBe(97.3);
    expect(bpmOfGrid(24_000, 48_000, [90, 100])).toBe(120);
    expect(bpmOfGrid(0, 48_000, [90, 100])).toBe(120);
  });

  test('the bar is known from the newest feature frame, the beat from the status', () => {
    const frame = new Uint8Array(64);
    const view = new DataView(frame.buffer);
    view.setFloat32(4 * FEATURE_HEADER.barPhase, 0.625, true);
    view.setInt32(4 * FEATURE_HEADER.beat, 9, true);
    view.setFloat32(4 * FEATURE_HEADER.beatFrac, 0.5, true);
    const reader = makeGridReader(
      () => status,
      () => 4,
    );
    reader.onFeatures(frame);
    expect(reader.grid()).toEqual({
      frame: 50_000,
      beat: 2,
      beatFrac: 0.25,
      framesPerBeat: 24_000,
      barPhase: 0.625,
      barBeat: 7,
    });
  });
});

test('the poll loop goes on when a part of it throws, and the slow parts are slow', async () => {
  const calls = { poll: 0, features: 0, turns: 0, health: 0, second: 0, errors: 0 };
  let now = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const loop = startPollLoop({
    poll() {
      calls.poll += 1;
      now += 100;
      return [makeEvent({ kind: 1 })];
    },
    features: () => null,
    onTurn: () => (calls.turns += 1),
    now: () => now,
    onEvents() {
      throw new Error('handler');
    },
    onFeatures: () => undefined,
    onHealth: () => (calls.health += 1),
    onSecond() {
      calls.second += 1;
      if (calls.second === 3) resolve();
    },
    onError: () => (calls.errors += 1),
  });
  await promise;
  loop.stop();
  expect(calls.errors).toBe(calls.poll);
  expect(calls.poll).toBe(21);
  expect(calls.turns).toBe(21);
  expect(calls.health).toBe(7);
});

test('while a command is awaited the poll loop asks more often, and then rests', async () => {
  const turns = { poll: 0, features: 0 };
  const extra = () => turns.poll - turns.features;
  let now = 0;
  const loop = startPollLoop({
    poll() {
      turns.poll += 1;
      now += 1;
      return [];
    },
    features() {
      turns.features += 1;
      return null;
    },
    onTurn: () => undefined,
    now: () => now,
    onEvents: () => undefined,
    onFeatures: () => undefined,
    onHealth: () => undefined,
    onSecond: () => undefined,
    onError: () => undefined,
  });
  await until('turns', () => turns.features >= 5);
  expect(extra()).toBe(0);
  loop.hurry();
  await until('hurried turns', () => extra() >= 10);
  now += 1000;
  const { features } = turns;
  await until('the next turns', () => turns.features >= features + 2);
  const hurried = extra();
  await until('more of them', () => turns.features >= features + 7);
  loop.stop();
  expect(extra()).toBe(hurried);
});
