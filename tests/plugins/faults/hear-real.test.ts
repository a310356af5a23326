/** What the judge of real plug-ins hears in masters that were made by hand. */
import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { RATE } from '../../judge/stage.ts';
import { monotonicMs } from './block-clock.ts';
import { hearReal, makeTone } from './hear-real.ts';
import { judgeReal } from './real-part.ts';

const DELAY = 64;
const KILL = RATE;
const DRY_FROM = KILL + 96;
const DRY_TO = DRY_FROM + 2000;
const END = DRY_TO + 8000;
const tone = makeTone(4);

/** The plug-in halves the tone; `fadeFrames` long is the way to the dry one and back. */
const makeMaster = (fadeFrames: number, dryFrom = DRY_FROM, dryTo = DRY_TO): Float32Array => {
  const master = new Float32Array(2 * END);
  for (let frame = DELAY; frame < END; frame += 1) {
    const down = Math.min(1, Math.max(0, (frame - dryFrom + fadeFrames) / fadeFrames));
    const up = Math.min(1, Math.max(0, (frame - dryTo) / fadeFrames));
    const gain = 0.5 + 0.5 * (down - up);
    for (const side of [0, 1]) {
      master[2 * frame + side] = gain * (tone[2 * (frame - DELAY) + side] ?? 0);
    }
  }
  return master;
};

const hear = (master: Float32Array) =>
  hearReal(master, tone, DELAY, { fromFrame: KILL, endFrame: END });
const judge = (...kills: ReturnType<typeof hear>[]) =>
  judgeReal({ plugin: 'Half', latencyFrames: 0, kills });

describe('a real plug-in that dies', () => {
  test('is bypassed and heard again when the master says so, without a click', () => {
    const heard = hear(makeMaster(64));
    expect(heard.bypassMs).toBe(2);
    expect(heard.wetMs).toBeCloseTo((1000 * (DRY_TO - KILL)) / RATE, 0);
    expect(judge(heard)).toEqual([]);
  });

  test('and is switched hard, too late, never or for good, is told', () => {
    expect(judge(hear(makeMaster(1))).join()).toMatch(/a step of 0\.\d+, at most/);
    expect(judge(hear(makeMaster(64, KILL + 600))).join()).toMatch(/bypassed after 12.5 ms/);
    expect(judge(hear(makeMaster(64, END, END))).join()).toMatch(/never bypassed.*not heard again/);
    expect(judge(hear(makeMaster(64, DRY_FROM, END))).join()).toMatch(/not heard again/);
    expect(judge(hear(makeMaster(64, 0, 1))).length).toBeGreaterThan(0);
  });

  test.skipIf(process.platform !== 'linux')('is timed by the clock of the system', () => {
    const upMs = 1000 * Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    expect(Math.abs(upMs - monotonicMs())).toBeLessThan(1000);
  });
});
