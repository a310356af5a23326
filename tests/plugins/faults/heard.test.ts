/** The judges of the fault table find what they are there for: in a master that was made for it. */
import { describe, expect, test } from 'bun:test';
import { makeNoise } from '../../judge/wav.ts';
import { hearMaster } from './hear-row.ts';
import { judgeRow } from './judge-row.ts';
import { type Mode, MODES, SET_GAIN } from './modes.ts';
import type { Row } from './row.ts';

const FRAMES = 20_000;
const DELAY = 64;
const FAULT = 5000;
const DRY_FRAMES = 960;
const SPANS = { wetFrame: 1000, faultFrame: FAULT, endFrame: FRAMES };
const noise = makeNoise(3, FRAMES);

const modeOf = (name: string): Mode => {
  const mode = MODES.find((each) => each.name === name);
  if (!mode) throw new Error(name);
  return mode;
};
const CRASH = modeOf('Crash');

/** A crash at frame 5000, dry for 20 ms, and heard again. */
const master = (change: (samples: Float32Array) => void = () => undefined): Float32Array => {
  const samples = new Float32Array(2 * FRAMES);
  for (let frame = DELAY; frame < FRAMES; frame += 1) {
    const isDry = frame >= FAULT + 100 && frame < FAULT + 100 + DRY_FRAMES;
    for (const side of [0, 1]) {
      samples[2 * frame + side] =
        (isDry ? 1 : SET_GAIN) * (noise[2 * (frame - DELAY) + side] ?? NaN);
    }
  }
  change(samples);
  return samples;
};

const rowOf = (samples: Float32Array, change: Partial<Row> = {}, mode = CRASH): Row => ({
  title: mode.name,
  path: 'input',
  outcome: 'restarted',
  words: { statuses: [], codes: [3001] },
  retries: 1,
  heard: hearMaster(samples, { noise, dryBar: null, window: null }, { mode, path: 'input' }, SPANS),
  times: { blocks: 0, p50Us: 0, p99Us: 0, maxUs: 0, cpuMaxUs: 0 },
  xruns: 0,
  xrunSeconds: 1,
  xrunsBefore: 0,
  beforeSeconds: 1,
  gapFrames: 0,
  missedBlocks: 0,
  hasRealTime: true,
  grewMiB: 0,
  leftCount: 0,
  isMateOn: null,
  seconds: 0,
  tries: 1,
  differed: [],
  ...change,
});

describe('a row of the fault table', () => {
  test('is as it should be when the sound left and came back', () => {
    const row = rowOf(master());
    expect(row.heard).toMatchObject({ bypassedFrames: DRY_FRAMES, dryMs: 20, isWetAtEnd: true });
    expect(row.heard?.after).toMatchObject({ strayFrames: 0, nonFinite: 0, otherGainFrames: 0 });
    expect(judgeRow(CRASH, row)).toEqual([]);
  });

  test('fails when something else came of it than the table says', () => {
    expect(judgeRow(CRASH, rowOf(master(), { outcome: 'off' }))).toHaveLength(1);
    expect(judgeRow(modeOf('Hang'), rowOf(master()))).toEqual([
      'Hang, input: 3002 was not told',
      'Hang, input: dry for 20 ms, at least 950',
    ]);
    expect(judgeRow(CRASH, rowOf(master(), { words: { statuses: [], codes: [] } }))).toHaveLength(
      1,
    );
    expect(judgeRow(CRASH, rowOf(master(), { isMateOn: false }))).toHaveLength(1);
    expect(judgeRow(CRASH, rowOf(master(), { leftCount: 1 }))).toHaveLength(1);
    expect(judgeRow(CRASH, rowOf(master(), { grewMiB: 1025 }))).toHaveLength(1);
  });

  const doctored: [string, RegExp, (samples: Float32Array) => void][] = [
    [
      'one sample is no number',
      /1 samples .* no numbers/,
      (samples) => samples.fill(NaN, 9000, 9001),
    ],
    ['one sample is endless', /no numbers/, (samples) => samples.fill(Infinity, 30_000, 30_001)],
    ['a sound of its own', /not one for one/, (samples) => samples.fill(0.1, 30_000, 31_000)],
    ['it is too loud', /too loud/, (samples) => samples.fill(1e9, 30_000, 30_002)],
    ['one frame is lost', /not one for one/, (samples) => samples.copyWithin(24_000, 24_002)],
    [
      'its gain is lost',
      /without the player's gain/,
      (samples) => {
        for (let at = 24_000; at < samples.length; at += 1)
          samples[at] = ((samples[at] ?? 0) / SET_GAIN) * 0.5;
      },
    ],
    [
      'it never comes back',
      /not heard in the end/,
      (samples) => {
        for (let at = 24_000; at < samples.length; at += 1)
          samples[at] = (samples[at] ?? 0) / SET_GAIN;
      },
    ],
  ];
  for (const [name, says, change] of doctored) {
    test(`finds it when ${name}`, () => {
      expect(judgeRow(CRASH, rowOf(master(change))).join('; ')).toMatch(says);
    });
  }

  test('finds it when nothing was bypassed', () => {
    const row = rowOf(
      master((samples) => {
        for (let frame = FAULT; frame < FRAMES; frame += 1) {
          for (const side of [0, 1])
            samples[2 * frame + side] = SET_GAIN * (noise[2 * (frame - DELAY) + side] ?? NaN);
        }
      }),
    );
    expect(judgeRow(CRASH, row)).toEqual(['Crash, input: it was never bypassed']);
  });

  test('finds it when a block took the engine itself longer than there was', () => {
    const times = { blocks: 9, p50Us: 20, p99Us: 90, maxUs: 4000, cpuMaxUs: 1400 };
    expect(judgeRow(CRASH, rowOf(master(), { times })).join()).toMatch(/a block took 1400 us/);
    expect(judgeRow(CRASH, rowOf(master(), { times: { ...times, cpuMaxUs: 700 } }))).toEqual([]);
  });
});
