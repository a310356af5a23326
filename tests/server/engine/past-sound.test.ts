/** The past as loops on the real core: which frames of the noise sound where, to the frame. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { printedSeed } from '../../support/seed.ts';
import { nullTest, type Voice } from '../../support/null-test.ts';
import { BAR_FRAMES, BEAT_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

interface Part {
  readonly what: string;
  readonly voice: Voice;
  readonly fromFrame: number;
  readonly toFrame: number;
}

interface PastResult {
  readonly takeId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
}

const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

describe('the past as loops', () => {
  const parts: Part[] = [];
  const marks = { changed: 0, half: 0, refused: 0 };
  let stage: SoundStage;
  let heard: Float32Array;

  /** What slot 0 plays from now on, judged over the next three bars. */
  const listen = async (what: string, voice: Voice): Promise<void> => {
    const fromFrame = stage.frame + RAMP_FRAMES;
    await stage.step(3 * BAR_FRAMES);
    parts.push({ what, voice, fromFrame, toFrame: stage.frame });
  };

  const past = async (command: Parameters<SoundStage['ask']>[0]): Promise<PastResult> =>
    (await stage.ask(command)) as PastResult;

  beforeAll(async () => {
    stage = new SoundStage(printedSeed());
    await stage.step(6 * BAR_FRAMES);
    await stage.toNextBar();
    const press = await stage.press(0, 2);
    const { fromFrame, toFrame } = press;
    await listen('captured', { fromFrame, toFrame });

    const short = await past({ cmd: 'ADJUST_LOOP', slot: 0, bars: 1 });
    expect(short.toFrame).toBe(toFrame);
    await listen('one bar, the end kept', { fromFrame: toFrame - BAR_FRAMES, toFrame });

    const long = await past({ cmd: 'ADJUST_LOOP', slot: 0, bars: 3 });
    expect(long.toFrame).toBe(toFrame);
    await listen('three bars, the end kept', { fromFrame: toFrame - 3 * BAR_FRAMES, toFrame });

    await past({ cmd: 'ADJUST_LOOP', slot: 0, shiftBeats: -2.5 });
    const shift = 2.5 * BEAT_FRAMES;
    const shifted = {
      fromFrame: toFrame - 3 * BAR_FRAMES - shift,
      toFrame: toFrame - shift,
    };
    await listen('the window 2.5 beats earlier', shifted);

    await past({ cmd: 'ADJUST_LOOP', slot: 0, rotateBeats: 1.5 });
    const phase = -shifted.fromFrame - 1.5 * BEAT_FRAMES;
    await listen('moved 1.5 beats later', { ...shifted, phase });

    await stage.ask(undo);
    await listen('and back by UNDO', shifted);

    const bars = { fromFrame: BAR_FRAMES, toFrame: 3 * BAR_FRAMES };
    const reached = await past({ cmd: 'REACH_BACK', slot: 0, fromBar: 1, bars: 2 });
    expect(reached).toMatchObject(bars);
    await listen('bars 2 and 3 of the session', bars);

    await stage.ask({ cmd: 'RESTORE_TAKE', slot: 0, takeId: press.takeId });
    await listen('the first take again', { fromFrame, toFrame });

    const ahead = Math.floor(stage.frame / BAR_FRAMES) + 1;
    marks.refused = await stage
      .ask({ cmd: 'REACH_BACK', slot: 0, fromBar: ahead, bars: 1 })
      .then(() => 0)
      .catch((error: Error) => Number(/"code":(\d+)/.exec(error.message)?.[1]));
    await listen('and after a refusal', { fromFrame, toFrame });

    // Half the tempo from here on; the bars before it lie where they were played.
    await stage.ask({ cmd: 'SET_TEMPO', bpm: 120 });
    marks.changed = stage.frame;
    await stage.step(4 * BAR_FRAMES);
    const old = await past({ cmd: 'REACH_BACK', slot: 1, fromBar: 2, bars: 1 });
    marks.half = old.fromFrame;
    heard = stage.end();
  }, 120_000);

  afterAll(() => {
    for (const { fromFrame, toFrame, voice, what } of parts) {
      const { errorDbfs, frames } = nullTest(heard, stage.noise, [voice], fromFrame, toFrame);
      console.log(`${what}: null ${errorDbfs} dBFS over ${frames} frames`);
    }
  });

  test('every kind plays exactly the frames it should, where it should', () => {
    expect(parts.length).toBe(9);
    for (const { fromFrame, toFrame, voice, what } of parts) {
      const { errorDbfs, frames } = nullTest(heard, stage.noise, [voice], fromFrame, toFrame);
      expect(`${what}: ${errorDbfs}`).toBe(`${what}: -Infinity`);
      expect(frames).toBeGreaterThan(2 * BAR_FRAMES);
    }
  });

  test('the judge sees one frame of shift', () => {
    for (const { fromFrame, toFrame, voice, what } of parts) {
      const late = { ...voice, fromFrame: voice.fromFrame + 1, toFrame: voice.toFrame + 1 };
      const phase = voice.phase ?? -voice.fromFrame;
      const wrong = nullTest(heard, stage.noise, [{ ...late, phase }], fromFrame, toFrame);
      expect(`${what}: ${wrong.errorDbfs > -20}`).toBe(`${what}: true`);
    }
  });

  test('bars ahead are refused with 4011; a bar keeps its frames after a change of tempo', () => {
    expect(marks.refused).toBe(4011);
    expect(marks.half).toBe(2 * BAR_FRAMES);
  });
});
