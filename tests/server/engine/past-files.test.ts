/** The past when ring and spool have lost it: what a take's own files still give. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionCommand } from '../../../protocol/commands.ts';
import { nullTest, type Voice } from '../../support/null-test.ts';
import { printedSeed } from '../../support/seed.ts';
import { BAR_FRAMES, BEAT_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

/** The stage's ring holds 60 s; so many bars later it has lost the take. */
const BARS_IN_RING = 62;

const adjust = (how: { bars?: number; shiftBeats?: number }): SessionCommand =>
  ({ cmd: 'ADJUST_LOOP', slot: 0, ...how }) as SessionCommand;
const reach = (fromBar: number): SessionCommand => ({
  cmd: 'REACH_BACK',
  slot: 0,
  fromBar,
  bars: 1,
});

describe('with the spool deleted', () => {
  const parts: { what: string; voice: Voice; fromFrame: number; toFrame: number }[] = [];
  const refusals: number[] = [];
  let stage: SoundStage;
  let heard: Float32Array;
  let segments = 0;

  /** All that is in spool and ring is gone; only the files of takes are left. */
  const loseAll = async (): Promise<void> => {
    for (let bar = 0; bar < BARS_IN_RING; bar += 1) await stage.step(BAR_FRAMES);
    const spool = join(stage.folder, 'spool');
    for (const name of readdirSync(spool, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.wav')) continue;
      rmSync(join(spool, name));
      segments += 1;
    }
  };

  const ask = async (what: string, command: SessionCommand, voice: Voice): Promise<void> => {
    await stage.askDisk(command);
    const fromFrame = stage.frame + RAMP_FRAMES;
    await stage.step(3 * BAR_FRAMES);
    parts.push({ what, voice, fromFrame, toFrame: stage.frame });
  };

  const refused = async (command: SessionCommand): Promise<void> => {
    const code = await stage
      .askDisk(command)
      .then(() => 0)
      .catch((error: Error) => Number(/"code":(\d+)/.exec(error.message)?.[1]));
    refusals.push(code);
  };

  beforeAll(async () => {
    stage = new SoundStage(printedSeed());
    await stage.step(4 * BAR_FRAMES);
    await stage.toNextBar();
    const { fromFrame, takeId, toFrame } = await stage.press(0, 2);
    const hasRolls = () => stage.takes.range(takeOf(takeId)).takeRollsPath !== '';
    const takeOf = (id: string) => {
      const take = stage.takes.get(id);
      if (!take) throw new Error('no take');
      return take;
    };
    await stage.playUntil('the rolls are filed', hasRolls);
    await loseAll();

    await ask('one bar, the end kept', adjust({ bars: 1 }), {
      fromFrame: toFrame - BAR_FRAMES,
      toFrame,
    });
    await ask('three bars: before, within and after', adjust({ bars: 3, shiftBeats: 1 }), {
      fromFrame: fromFrame - BAR_FRAMES + BEAT_FRAMES,
      toFrame: toFrame + BEAT_FRAMES,
    });
    await ask('two bars, to the end of what is kept', adjust({ bars: 2, shiftBeats: 3 }), {
      fromFrame: fromFrame + BAR_FRAMES,
      toFrame: toFrame + BAR_FRAMES,
    });
    await refused(adjust({ shiftBeats: 0.5 }));
    await refused(adjust({ bars: 8 }));
    await ask('back by half a beat', adjust({ shiftBeats: -0.5 }), {
      fromFrame: fromFrame + BAR_FRAMES - BEAT_FRAMES / 2,
      toFrame: toFrame + BAR_FRAMES - BEAT_FRAMES / 2,
    });
    const bar = fromFrame / BAR_FRAMES;
    await ask('a bar of the take, by its number', reach(bar), {
      fromFrame,
      toFrame: fromFrame + BAR_FRAMES,
    });
    await refused(reach(bar + 3));
    heard = stage.end();
  }, 240_000);

  afterAll(() => {
    console.log(`segments deleted: ${segments}; refused with ${refusals.join(', ')}`);
  });

  const judge = (shiftFrames: number) =>
    parts.map(({ fromFrame, toFrame, voice, what }) => {
      const shifted = {
        fromFrame: voice.fromFrame + shiftFrames,
        toFrame: voice.toFrame + shiftFrames,
        phase: voice.phase ?? -voice.fromFrame,
      };
      const { errorDbfs, frames } = nullTest(heard, stage.noise, [shifted], fromFrame, toFrame);
      expect(frames).toBeGreaterThan(2 * BAR_FRAMES);
      return { what, errorDbfs };
    });

  test('every change within the take and a bar around it plays just those frames', () => {
    expect(segments).toBeGreaterThan(0);
    expect(parts).toHaveLength(5);
    for (const { errorDbfs, what } of judge(0)) {
      console.log(`${what}: null ${errorDbfs} dBFS`);
      expect(`${what}: ${errorDbfs}`).toBe(`${what}: -Infinity`);
    }
  });

  test('the judge sees one frame of shift', () => {
    for (const { errorDbfs } of judge(1)) expect(errorDbfs).toBeGreaterThan(-20);
  });

  test('what lies further off is refused with 4011', () => {
    expect(refusals).toEqual([4011, 4011, 4011]);
  });
});
