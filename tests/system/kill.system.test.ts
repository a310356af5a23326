/** Promises 3–5: processes die while loops play. Short forms; `bun tests/judge/kill.ts --long` has 20 of each. */
import { expect, test } from 'bun:test';
import { judgeBrowserKills } from '../judge/browser-kill.ts';
import { isInPhase, judgeEngineKills } from '../judge/engine-kills.ts';
import { breaksIn, judgeGatewayKills } from '../judge/gateway-kills.ts';
import { BAR_FRAMES } from '../judge/stage.ts';
import { makeNoise } from '../judge/wav.ts';

const SEED = 77;

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  test(`the gateway gets ${signal}: the master has no break, port and clients come back`, async () => {
    const report = await judgeGatewayKills(3, signal, SEED);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report.framesBroken).toBe(0);
    expect(report.framesJudged).toBeGreaterThan(BAR_FRAMES);
  }, 90_000);
}

test('the browser gets SIGKILL: the master has no break', async () => {
  const report = await judgeBrowserKills(3, SEED);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.framesBroken).toBe(0);
  expect(report.framesJudged).toBeGreaterThan(BAR_FRAMES);
}, 90_000);

test('the engine process gets SIGKILL: no take is lost, the loops come back where they would be', async () => {
  const report = await judgeEngineKills(3, SEED);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.exitCode).toBe(0);
  expect(report.takesLost).toBe(0);
  expect(report.orphans).toBe(0);
  expect(report.outages).toBe(3);
  expect(report.inPhaseAgain).toBe(3);
  expect(report.noticesSeen).toContain(1010);
}, 90_000);

test('the judge notices one missing frame in the master', () => {
  const bar = makeNoise(SEED, BAR_FRAMES);
  const whole = new Float32Array([...bar, ...bar, ...bar]);
  const cut = new Float32Array([...bar, ...bar.subarray(2), ...bar, 0, 0]);
  expect(breaksIn(whole, BAR_FRAMES, 3 * BAR_FRAMES)).toBe(0);
  expect(breaksIn(cut, BAR_FRAMES, 3 * BAR_FRAMES)).toBeGreaterThan(1000);
});

test('the judge notices loops that come back one frame late', () => {
  const take = makeNoise(SEED, 4800);
  const takes = [{ fromFrame: 0, samples: take }];
  const late = new Float32Array([0, 0, ...take]);
  expect(isInPhase(take, takes, 100)).toBe(true);
  expect(isInPhase(late, takes, 100)).toBe(false);
});
