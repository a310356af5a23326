/** Presses on the real core while what they wait for is long in the making. */
import { describe, expect, test } from 'bun:test';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { nullTest, type Voice } from '../../support/null-test.ts';
import { printedSeed } from '../../support/seed.ts';
import { BAR_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

/** Longer than a press may be late, by its time alone. */
const WAIT_BARS = 5;
const ROUNDING_DBFS = -110;

const auto = { cmd: 'TRIGGER_SLOT', slot: 'auto', bars: 1, quantized: true } as const;

const fullStage = async () => {
  const stage = new SoundStage(printedSeed());
  await stage.step(2 * BAR_FRAMES + 200);
  const presses: Voice[] = [];
  for (let count = 0; count < 8; count += 1) {
    presses.push(await stage.press('auto', 1));
    await stage.toNextBar();
  }
  return { stage, presses };
};

describe('"auto" with all slots full, its merge made five seconds late', () => {
  test('captures the bar of the press, and all nine sound', async () => {
    const { presses, stage } = await fullStage();
    const release = stage.holdRenders();
    const pressed = stage.frame;
    const line = Math.floor(pressed / BAR_FRAMES) * BAR_FRAMES;
    const pressing = stage.send(auto);
    await stage.step(WAIT_BARS * BAR_FRAMES);
    expect(stage.history.head.label).toBe('1 bar into 8');
    release();
    const result = (await stage.answerTo(pressing)) as TriggerResult;
    expect(result).toMatchObject({ slot: 1, fromFrame: line - BAR_FRAMES, toFrame: line });
    expect(Math.abs((result.pressFrame ?? NaN) - pressed)).toBeLessThanOrEqual(256);
    const from = stage.frame + RAMP_FRAMES;
    await stage.step(3 * BAR_FRAMES);
    const end = stage.frame;
    const { noise } = stage;
    const heard = stage.end();
    const { errorDbfs, frames } = nullTest(heard, noise, [...presses, result], from, end);
    expect(frames).toBeGreaterThan(BAR_FRAMES);
    expect(errorDbfs).toBeLessThan(ROUNDING_DBFS);
    // The control: a bar later it would be another sound.
    const later = { fromFrame: line, toFrame: line + BAR_FRAMES };
    expect(nullTest(heard, noise, [...presses, later], from, end).errorDbfs).toBeGreaterThan(-30);
  });

  test('a press into a slot that comes meanwhile captures the bar of that press', async () => {
    const { stage } = await fullStage();
    const release = stage.holdRenders();
    const first = stage.send(auto);
    await stage.step(BAR_FRAMES);
    const line = Math.floor(stage.frame / BAR_FRAMES) * BAR_FRAMES;
    const second = stage.send({ ...auto, slot: 5 });
    await stage.step(WAIT_BARS * BAR_FRAMES);
    release();
    expect(await stage.answerTo(first)).toMatchObject({ toFrame: line - BAR_FRAMES });
    expect(await stage.answerTo(second)).toMatchObject({ slot: 5, toFrame: line });
    stage.end();
  });
});
