/** What the engine did in a while, measured from outside. */
import { until } from '../../judge/product.ts';
import { BAR_FRAMES, RATE } from '../../judge/stage.ts';
import { breaksIn } from '../../judge/gateway-kills.ts';
import { readWavFile } from '../../judge/wav.ts';
import type { Health, Stage } from './stage.ts';

export interface While {
  readonly ms: number;
  /** Frames that were rendered meanwhile, as the engine counts them. */
  readonly frames: number;
  readonly xruns: number;
  /** Frames that lack, of those that the monotonic clock asks for; what is only late is not among them. */
  readonly lostFrames: number;
}

/** What is late comes within this time. */
const PATIENCE_MS = 10_000;
const BLOCK_FRAMES = 128;

/** Frames behind the clock; 0 is somewhere, as the clock began before the first block. */
const behind = ({ frame, process: { atMs } }: Health): number => (atMs * RATE) / 1000 - frame;

/** The least of a second: the moment after a block has ended. */
const leastBehind = async (stage: Stage, enough: number): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  const look = async () => {
    least = Math.min(least, behind(await stage.health()));
    return least <= enough;
  };
  const ms = enough === Number.NEGATIVE_INFINITY ? SETTLE_MS : PATIENCE_MS;
  await until('the timeline', look, ms).catch(() => false);
  return least;
};

const SETTLE_MS = 1000;

/** Runs it and compares before and after. */
export const during = async (stage: Stage, act: () => Promise<unknown>): Promise<While> => {
  const least = await leastBehind(stage, Number.NEGATIVE_INFINITY);
  const before = await stage.health();
  const start = performance.now();
  await act();
  const after = await stage.health();
  const ms = performance.now() - start;
  const now = await leastBehind(stage, least + BLOCK_FRAMES);
  return {
    ms,
    frames: after.frame - before.frame,
    xruns: after.xruns - before.xruns,
    lostFrames: Math.max(0, Math.round(now - least)),
  };
};

/** More than a block that never came. */
export const lostFaults = ({ lostFrames }: While): string[] =>
  lostFrames <= BLOCK_FRAMES ? [] : [`${lostFrames} frames lack, of those the clock asks for`];

/** A sentence when the master is not one bar again and again, to the frame. */
export const masterFaults = (stage: Stage, toFrame: number): string[] => {
  const { samples } = readWavFile(stage.masterPath);
  const end = Math.min(toFrame, samples.length / 2);
  if (end < stage.playingFrom + BAR_FRAMES) return ['the master ends too early to be judged'];
  const breaks = breaksIn(samples, stage.playingFrom, end);
  return breaks === 0 ? [] : [`${breaks} frames of the master are not as a bar before`];
};
