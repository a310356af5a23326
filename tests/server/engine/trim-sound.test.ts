/** The trim on the real core: a capture's window and its sound move by exactly its frames. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { nullTest } from '../../support/null-test.ts';
import { printedSeed } from '../../support/seed.ts';
import { BAR_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

/** Trims in ms, one after the other, and so many frames later the window is read; 48 a ms. */
const TRIMS = [
  [0, 0],
  [10, 480],
  [4.3, 206],
  [100, 4800],
  [-5, 0],
] as const;

interface Part {
  readonly trimMs: number;
  readonly lateFrames: number;
  readonly window: { readonly fromFrame: number; readonly toFrame: number };
  readonly fromFrame: number;
  readonly toFrame: number;
}

describe('the trim of the latency', () => {
  const parts: Part[] = [];
  let stage: SoundStage;
  let heard: Float32Array;

  beforeAll(async () => {
    stage = new SoundStage(printedSeed());
    await stage.step(3 * BAR_FRAMES);
    for (const [trimMs, lateFrames] of TRIMS) {
      await stage.ask({ cmd: 'SET_LATENCY_TRIM', trimMs });
      await stage.toNextBar();
      const window = await stage.press(0, 2);
      // Until the ring holds the end of the window.
      await stage.step(BAR_FRAMES);
      const fromFrame = stage.frame + RAMP_FRAMES;
      await stage.step(3 * BAR_FRAMES);
      parts.push({ trimMs, lateFrames, window, fromFrame, toFrame: stage.frame });
    }
    heard = stage.end();
  }, 120_000);

  /** What is left when the loop is taken away that was read `lateFrames` after its bar lines. */
  const errorDbfs = ({ fromFrame, toFrame, window }: Part, lateFrames: number): number => {
    const line = Math.floor(window.fromFrame / BAR_FRAMES) * BAR_FRAMES;
    const voice = {
      fromFrame: line + lateFrames,
      toFrame: line + lateFrames + 2 * BAR_FRAMES,
      phase: -line,
    };
    return nullTest(heard, stage.noise, [voice], fromFrame, toFrame).errorDbfs;
  };

  afterAll(() => {
    for (const part of parts) {
      const moved = part.window.fromFrame % BAR_FRAMES;
      const left = errorDbfs(part, part.lateFrames);
      console.log(`trim ${part.trimMs} ms: window ${moved} frames later, null ${left} dBFS`);
    }
  });

  test('moves the window by its frames, and never before the bar line', () => {
    expect(parts.map(({ window }) => window.fromFrame % BAR_FRAMES)).toEqual(
      TRIMS.map(([, frames]) => frames),
    );
    for (const { window } of parts) expect(window.toFrame - window.fromFrame).toBe(2 * BAR_FRAMES);
  });

  test('what was heard so much later sounds on the line', () => {
    for (const part of parts) expect(errorDbfs(part, part.lateFrames)).toBe(-Infinity);
  });

  test('one frame of difference is seen', () => {
    for (const part of parts) {
      for (const by of [-1, 1]) expect(errorDbfs(part, part.lateFrames + by)).toBeGreaterThan(-20);
    }
  });
});
