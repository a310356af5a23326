/**
 * The judge of a master: from the samples that went in and those that came out it says, frame by frame,
 * what was heard. It knows nothing of the product.
 */

export interface Source {
  /** What is heard in frame `frame` without a plug-in, if nothing is late. */
  at(frame: number, side: number): number;
}

/** One thing that a frame may be: the source, so many frames late, at this gain. */
export interface Candidate {
  readonly gain: number;
  readonly delay: number;
}

export type Span = readonly [fromFrame: number, toFrame: number];

/** What a frame is that is no candidate: a crossfade, if it is short. */
export const NEITHER = 0;
export const SILENT = 255;

const NEAR = 2e-6;
const SILENCE = 1e-30;
/** The longest crossfade twice: a host may be lost while it comes back. */
export const FADE_FRAMES_MAX = 130;

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= NEAR;

/** For each frame the number of its candidate, from 1 on; `master` is interleaved stereo. */
export const matchesOf = (
  master: Float32Array,
  source: Source,
  candidates: readonly Candidate[],
  [fromFrame, toFrame]: Span,
): Uint8Array => {
  const found = new Uint8Array(Math.max(0, toFrame - fromFrame));
  let last = 0;
  for (let frame = fromFrame; frame < toFrame; frame += 1) {
    const left = master[2 * frame] ?? NaN;
    const right = master[2 * frame + 1] ?? NaN;
    const fits = (number: number): boolean => {
      const each = candidates[number];
      return (
        each !== undefined &&
        isNear(left, each.gain * source.at(frame - each.delay, 0)) &&
        isNear(right, each.gain * source.at(frame - each.delay, 1))
      );
    };
    if (Math.abs(left) < SILENCE && Math.abs(right) < SILENCE) {
      found[frame - fromFrame] = SILENT;
    } else {
      if (!fits(last)) last = candidates.findIndex((_, number) => fits(number));
      found[frame - fromFrame] = last + 1;
      if (last < 0) last = 0;
    }
  }
  return found;
};

/** Stretches of frames for which something holds, as [first, length]. */
export const stretches = (
  frames: Uint8Array,
  holds: (kind: number) => boolean,
): [number, number][] => {
  const found: [number, number][] = [];
  let start = -1;
  for (let at = 0; at <= frames.length; at += 1) {
    const isSo = at < frames.length && holds(frames[at] ?? NEITHER);
    if (isSo && start < 0) start = at;
    if (isSo || start < 0) continue;
    found.push([start, at - start]);
    start = -1;
  }
  return found;
};

export interface Strays {
  /** Frames in stretches that are no candidate and longer than a crossfade. */
  readonly strayFrames: number;
  /** The longest stretch that is none. */
  readonly longestFade: number;
}

export const straysOf = (frames: Uint8Array): Strays => {
  const lengths = stretches(frames, (kind) => kind === NEITHER).map(([, length]) => length);
  const strays = lengths.filter((length) => length > FADE_FRAMES_MAX);
  return {
    strayFrames: strays.reduce((sum, length) => sum + length, 0),
    longestFade: Math.max(0, ...lengths),
  };
};

export const countOf = (frames: Uint8Array, isCounted: (kind: number) => boolean): number =>
  frames.reduce((sum, kind) => sum + (isCounted(kind) ? 1 : 0), 0);

export interface Levels {
  readonly nonFinite: number;
  readonly loudest: number;
}

export const levelsOf = (master: Float32Array, [fromFrame, toFrame]: Span): Levels => {
  let nonFinite = 0;
  let loudest = 0;
  for (let at = 2 * fromFrame; at < Math.min(master.length, 2 * toFrame); at += 1) {
    const size = Math.abs(master[at] ?? NaN);
    if (Number.isFinite(size)) loudest = Math.max(loudest, size);
    else nonFinite += 1;
  }
  return { nonFinite, loudest };
};

/** The input of a product that is monitored: a file that begins anew at its end. */
export const inputSource = (samples: Float32Array): Source => {
  const frames = samples.length / 2;
  return { at: (frame, side) => samples[2 * (((frame % frames) + frames) % frames) + side] ?? NaN };
};

/** A loop in a slot: a window of what came in, on its own grid. */
export const loopSource = (
  samples: Float32Array,
  { fromFrame, toFrame }: { readonly fromFrame: number; readonly toFrame: number },
): Source => {
  const length = toFrame - fromFrame;
  const input = inputSource(samples);
  return {
    at: (frame, side) =>
      input.at(fromFrame + ((((frame - fromFrame) % length) + length) % length), side),
  };
};
