/** Promise 2: what was captured is exactly what was played. The short form; `bun tests/judge/capture.ts --long` is the long one. */
import { expect, test } from 'bun:test';
import { expectedWindow, judgeCaptures, judgeMaster } from '../judge/capture.ts';
import { makeNoise } from '../judge/wav.ts';

const SEED = 1_611;

test('every take is found bit for bit in the input at its bar, and in the master at its phase', async () => {
  const report = await judgeCaptures({
    bpm: 240,
    seed: SEED,
    noiseSeconds: 150,
    ringSeconds: 140,
    presses: 8,
    bars: [1, 2, 4],
    repeats: 3,
  });
  process.stdout.write(`${JSON.stringify({ seed: SEED, ...report })}\n`);
  expect(report.faults).toEqual([]);
  expect(report.bitExact).toBe(report.takes);
  expect(report.atTheRightBar).toBe(report.takes);
  expect(report.framesJudged).toBeGreaterThan(48_000);
  expect(report.residualDbfs).toBeLessThanOrEqual(-120);
}, 120_000);

test('the judge notices a master that is one frame late, and one that is −100 dBFS off', () => {
  const take = makeNoise(SEED, 4800);
  const press = {
    slot: 0,
    bars: 1,
    quantized: true,
    takeId: '',
    fromFrame: 0,
    toFrame: 4800,
    pressFrame: 4800,
  };
  const right = new Float32Array([...take, ...take, ...take]);
  const late = new Float32Array([0, 0, ...right]);
  const off = right.map((sample) => sample + 1e-5);
  const judge = (output: Float32Array) =>
    judgeMaster(output, 0, 14_000, [{ press, samples: take }]).residual;
  expect(judge(right)).toBe(0);
  expect(judge(late)).toBeGreaterThan(0.1);
  expect(judge(off)).toBeGreaterThan(1e-6);
});

test('the judge expects the coming line for an early press and the passed one otherwise', () => {
  const press = {
    slot: 0,
    bars: 1,
    quantized: true,
    takeId: '',
    fromFrame: 0,
    toFrame: 0,
    pressFrame: 0,
  };
  const bar = 96_000;
  expect(expectedWindow({ ...press, pressFrame: 2 * bar - 100 }, 120)).toEqual({
    from: bar,
    to: 2 * bar,
  });
  expect(expectedWindow({ ...press, pressFrame: 2 * bar - 24_001 }, 120)).toEqual({
    from: 0,
    to: bar,
  });
  expect(expectedWindow({ ...press, pressFrame: 2 * bar + 100 }, 120)).toEqual({
    from: bar,
    to: 2 * bar,
  });
});
