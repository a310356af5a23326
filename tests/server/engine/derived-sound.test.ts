/** Null tests: what is heard of derived loops is the sum of what they are made of. */
import { describe, expect, test } from 'bun:test';
import { printedSeed } from '../../support/seed.ts';
import { nullTest, type Voice } from '../../support/null-test.ts';
import { BAR_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

/** Rounding of Float32 sums; one sample of anything else is far above it. */
const ROUNDING_DBFS = -110;

const stageAt = async (bars: number): Promise<SoundStage> => {
  const stage = new SoundStage(printedSeed());
  await stage.step(bars * BAR_FRAMES + 200);
  return stage;
};

const report = (what: string, { errorDbfs, frames }: ReturnType<typeof nullTest>) =>
  process.stderr.write(`${what}: ${errorDbfs.toFixed(1)} dBFS over ${frames} frames\n`);

/** The sum is heard, and one loop a frame beside its place would be found. */
const expectSum = (
  what: string,
  heard: Float32Array,
  stage: SoundStage,
  voices: readonly Voice[],
  [fromFrame, toFrame]: readonly [number, number],
) => {
  const result = nullTest(heard, stage.noise, voices, fromFrame, toFrame);
  report(what, result);
  expect(result.frames).toBeGreaterThan((toFrame - fromFrame) / 2);
  expect(result.errorDbfs).toBeLessThan(ROUNDING_DBFS);
  const shifted = voices.map((voice, index) =>
    index > 0 ? voice : { ...voice, phase: (voice.phase ?? -voice.fromFrame) + 1 },
  );
  const control = nullTest(heard, stage.noise, shifted, fromFrame, toFrame);
  expect(control.errorDbfs).toBeGreaterThan(-30);
};

describe('heard', () => {
  test('overdub: the loop below at 0.95 and the new one, in layers and as one loop', async () => {
    const stage = await stageAt(5);
    const below = await stage.press(0, 4);
    await stage.toNextBar();
    const over = await stage.press(0, 2, 'overdub');
    expect(stage.session.state.slots[0]?.takeId).not.toBe(below.takeId);
    expect(stage.swaps).toBe(0);
    await stage.until('one loop', () => stage.swaps === 1);
    await stage.step(5 * BAR_FRAMES);
    const end = stage.frame;
    const heard = stage.end();
    const voices = [{ ...below, left: 0.95, right: 0.95 }, over];
    expectSum('overdub', heard, stage, voices, [over.atFrame + RAMP_FRAMES, end]);
  });

  test('merge: what sounded goes on, whatever gains and balances the slots had', async () => {
    const stage = await stageAt(5);
    const low = await stage.press(0, 4);
    await stage.toNextBar();
    const high = await stage.press(1, 1);
    await stage.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await stage.ask({ cmd: 'SET_PAN', slot: 1, val: 0.25 });
    await stage.step(RAMP_FRAMES);
    const before = stage.frame;
    await stage.step(BAR_FRAMES);
    const asked = stage.frame;
    await stage.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 1 });
    const merged = stage.frame + RAMP_FRAMES;
    await stage.step(5 * BAR_FRAMES);
    const end = stage.frame;
    const heard = stage.end();
    const voices = [
      { ...low, left: 0.5, right: 0.5 },
      { ...high, left: 0.75 },
    ];
    expectSum('before the merge', heard, stage, voices, [before, asked]);
    expectSum('merge', heard, stage, voices, [merged, end]);
  });

  test('"auto" with nine captures: all nine sound', async () => {
    const stage = await stageAt(2);
    const presses: Voice[] = [];
    for (let count = 0; count < 9; count += 1) {
      presses.push(await stage.press('auto', 1));
      await stage.toNextBar();
    }
    const from = stage.frame;
    await stage.step(4 * BAR_FRAMES);
    const end = stage.frame;
    expect(stage.session.state.slots.every(({ takeId }) => takeId !== null)).toBeTrue();
    const heard = stage.end();
    expectSum('auto', heard, stage, presses, [from, end]);
  });

  test('UNDO and REDO of a merge sound as before and after it', async () => {
    const stage = await stageAt(3);
    const first = await stage.press(0, 1);
    await stage.toNextBar();
    const second = await stage.press(1, 1);
    await stage.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    await stage.step(BAR_FRAMES);
    await stage.ask({ cmd: 'UNDO', scope: 'SESSION' });
    const undone = stage.frame + RAMP_FRAMES;
    await stage.step(2 * BAR_FRAMES);
    const redoing = stage.frame;
    await stage.ask({ cmd: 'REDO', scope: 'SESSION' });
    const redone = stage.frame + RAMP_FRAMES;
    await stage.step(2 * BAR_FRAMES);
    const end = stage.frame;
    const heard = stage.end();
    expectSum('UNDO', heard, stage, [first, second], [undone, redoing]);
    expectSum('REDO', heard, stage, [first, second], [redone, end]);
  });

  test('tail: what was played after the window, over the start of every repeat, and off again', async () => {
    const stage = await stageAt(5);
    const take = await stage.press(0, 2);
    await stage.ask({ cmd: 'SET_TAIL', slot: 0, on: true });
    const from = take.atFrame + RAMP_FRAMES;
    // Nobody has played it yet.
    await stage.step(BAR_FRAMES / 2);
    const firstPass = stage.frame;
    expect(stage.swaps).toBe(0);
    await stage.until('the tail', () => stage.swaps === 1);
    const withTail = stage.frame + RAMP_FRAMES;
    await stage.step(5 * BAR_FRAMES);
    const off = stage.frame;
    await stage.ask({ cmd: 'SET_TAIL', slot: 0, on: false });
    await stage.until('no tail', () => stage.swaps === 2);
    const without = stage.frame + RAMP_FRAMES;
    await stage.step(3 * BAR_FRAMES);
    const end = stage.frame;
    const heard = stage.end();
    const half = BAR_FRAMES / 2;
    const tail: Voice = {
      fromFrame: take.toFrame,
      toFrame: take.toFrame + 2 * BAR_FRAMES,
      phase: -take.fromFrame,
      gainAt: (at) => Math.min(1, Math.max(0, (BAR_FRAMES - at - 0.5) / half)),
    };
    expectSum('tail, first pass', heard, stage, [take], [from, firstPass]);
    expectSum('tail', heard, stage, [take, tail], [withTail, off]);
    expectSum('tail off', heard, stage, [take], [without, end]);
    const control = nullTest(heard, stage.noise, [take], withTail, off);
    expect(control.errorDbfs).toBeGreaterThan(-30);
  });

  test('free: from where it is, at its own speed, bit for bit, while the tempo moves', async () => {
    const stage = await stageAt(3);
    const take = await stage.press(0, 1);
    await stage.ask({ cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'free' });
    const from = stage.frame;
    for (const bpm of [200, 97, 300]) {
      await stage.ask({ cmd: 'SET_TEMPO', bpm });
      await stage.step(BAR_FRAMES);
    }
    const end = stage.frame;
    const heard = stage.end();
    const result = nullTest(heard, stage.noise, [take], from, end);
    report('free', result);
    expect(result.errorDbfs).toBe(-Infinity);
    const control = nullTest(heard, stage.noise, [{ ...take, phase: 1 }], from, end);
    expect(control.errorDbfs).toBeGreaterThan(-30);
  });
});
