/**
 * The judge of a real plug-in that dies while a tone goes through it: what it sounds like nobody knows, what
 * the tone sounds like without it everybody does.
 */
import { RATE } from '../../judge/stage.ts';
import { inputSource, matchesOf, stretches } from './heard.ts';

/** It begins anew at its end without a seam: a whole number of its periods. */
export const makeTone = (seconds: number): Float32Array => {
  const tone = new Float32Array(2 * seconds * RATE);
  for (let frame = 0; frame < seconds * RATE; frame += 1) {
    const phase = (2 * Math.PI * TONE_HZ * frame) / RATE;
    tone[2 * frame] = TONE_GAIN * Math.sin(phase);
    tone[2 * frame + 1] = TONE_GAIN * Math.cos(phase);
  }
  return tone;
};

export interface RealKill {
  /** Of the master, right before the kill. */
  readonly fromFrame: number;
  /** Until when it was looked at. */
  readonly endFrame: number;
}

export interface RealHearing {
  /** From the kill to the first frame of the dry tone, at most; null = it was never dry. */
  readonly bypassMs: number | null;
  /** From the kill until it is heard again, at most. */
  readonly wetMs: number | null;
  /** The largest step from one frame to the next around both, and while it was heard before. */
  readonly step: number;
  readonly stepBefore: number;
  /** The most that the tone with it and without it were apart: what a hard switch may step. */
  readonly apart: number;
}

const TONE_HZ = 97;
const TONE_GAIN = 0.25;
/** Sound with the plug-in that comes near the tone for a moment is not dry. */
const DRY_FRAMES_MIN = 32;
/** It is heard again when it is so for as long as a host must be well before it is. */
const WELL_FRAMES = 512;
const BEFORE_FRAMES = RATE / 10;
const AROUND_FRAMES = 256;

const inMs = (frames: number): number => Math.round((10_000 * frames) / RATE) / 10;

const stepIn = (master: Float32Array, from: number, to: number): number => {
  let most = 0;
  for (let at = 2 * from; at < 2 * to; at += 1) {
    most = Math.max(most, Math.abs((master[at] ?? 0) - (master[at - 2] ?? 0)));
  }
  return most;
};

/** `delay`: of the dry tone behind the input, in frames. */
export const hearReal = (
  master: Float32Array,
  tone: Float32Array,
  delay: number,
  { endFrame, fromFrame }: RealKill,
): RealHearing => {
  const dry = inputSource(tone);
  let apart = 0;
  for (let frame = fromFrame - BEFORE_FRAMES; frame < fromFrame; frame += 1) {
    for (const side of [0, 1]) {
      const is = master[2 * frame + side] ?? 0;
      apart = Math.max(apart, Math.abs(is - dry.at(frame - delay, side)));
    }
  }
  const kinds = matchesOf(master, dry, [{ gain: 1, delay }], [fromFrame, endFrame]);
  const dryRuns = stretches(kinds, (kind) => kind === 1).filter(
    ([, length]) => length >= DRY_FRAMES_MIN,
  );
  const first = dryRuns[0];
  let wetAt: number | null = null;
  for (const [index, [start, length]] of dryRuns.entries()) {
    const next = dryRuns[index + 1]?.[0] ?? kinds.length;
    if (next - (start + length) < WELL_FRAMES) continue;
    wetAt = fromFrame + start + length;
    break;
  }
  const stepEnd = Math.min(endFrame, (wetAt ?? endFrame) + AROUND_FRAMES);
  return {
    bypassMs: first ? inMs(first[0]) : null,
    wetMs: wetAt === null ? null : inMs(wetAt - fromFrame),
    step: stepIn(master, fromFrame, stepEnd),
    stepBefore: stepIn(master, fromFrame - BEFORE_FRAMES, fromFrame),
    apart,
  };
};
