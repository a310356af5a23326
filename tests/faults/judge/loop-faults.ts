/** Whether a loop that plays alone sounds in its order; if not, where, and what is heard instead. */
import { type Code, placeOf } from './coded.ts';

const RAMP_SECONDS = 0.01;
const SEAM_SECONDS = 0.0105;
const STRETCHES_SHOWN = 4;

/** Frames of a take: where a loop begins and ends, exclusive. */
export interface LoopRange {
  readonly fromFrame: number;
  readonly toFrame: number;
}

/** Frames one after the other, in all of which something else is heard than the loop. */
export interface WrongStretch {
  /** In the sound that was judged; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Those that were judged. */
  readonly frames: number;
  /** Of them, those without any sound. */
  readonly silent: number;
  /** Of them, those of this loop at another place, and by how many frames most of these are late. */
  readonly displaced: number;
  readonly lateFrames: number;
}

/** The value that comes most often. */
const commonest = (values: readonly number[]): number | null => {
  const votes = new Map<number, number>();
  for (const value of values) votes.set(value, (votes.get(value) ?? 0) + 1);
  return [...votes].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
};

const modulo = (value: number, length: number): number => ((value % length) + length) % length;

/**
 * Where in a loop most of the frames say that it began; null when none of them is of this loop.
 *
 * Not the first one alone: where two places are heard at once, the sum can look like a third.
 */
const phaseOf = (places: readonly number[], { fromFrame, toFrame }: LoopRange): number | null => {
  const length = toFrame - fromFrame;
  return commonest(
    places.flatMap((frame, at) =>
      frame < fromFrame || frame >= toFrame ? [] : [modulo(frame - fromFrame - at, length)],
    ),
  );
};

/**
 * Stretches in which something else is heard than this loop in its order: the silence before it, its
 * beginning, its seam and where it starts over are left out, and end no stretch.
 */
export const wrongStretches = (
  code: Code,
  left: Float32Array,
  loop: LoopRange,
  rateHz: number,
): WrongStretch[] => {
  const first = left.findIndex((sample) => sample !== 0);
  if (first < 0) return [];
  const start = first + Math.ceil(RAMP_SECONDS * rateHz);
  const seam = Math.ceil(SEAM_SECONDS * rateHz);
  const { fromFrame, toFrame } = loop;
  const length = toFrame - fromFrame;
  const places = [...left.subarray(start)].map((sample) => placeOf(code, sample)?.frame ?? -1);
  const phase = phaseOf(places, loop);
  const stretches: WrongStretch[] = [];
  let wrong: number[] = [];
  const end = () => {
    const [from] = wrong;
    if (from === undefined) return;
    const late = wrong.flatMap((at) => {
      const frame = places[at] ?? -1;
      if (phase === null || frame < fromFrame || frame >= toFrame) return [];
      return [modulo(phase + at - (frame - fromFrame), length)];
    });
    stretches.push({
      from: start + from,
      to: start + (wrong.at(-1) ?? from) + 1,
      frames: wrong.length,
      silent: wrong.filter((at) => left[start + at] === 0).length,
      displaced: late.length,
      lateFrames: commonest(late) ?? 0,
    });
    wrong = [];
  };
  for (const [at, frame] of places.entries()) {
    const place = modulo((phase ?? 0) + at, length);
    if (phase !== null && (place < seam || place >= length - seam)) continue;
    if (phase === null || frame !== fromFrame + place) wrong.push(at);
    else end();
  }
  end();
  return stretches;
};

/** How many frames are wrong in all. */
export const loopFaults = (
  code: Code,
  left: Float32Array,
  loop: LoopRange,
  rateHz: number,
): number => wrongStretches(code, left, loop, rateHz).reduce((sum, { frames }) => sum + frames, 0);

/** What is wrong in words: where, and what is heard there. */
export const inWords = (stretches: readonly WrongStretch[]): string => {
  const words = stretches.slice(0, STRETCHES_SHOWN).map((each) => {
    const { displaced, frames, from, lateFrames, silent, to } = each;
    const heard = [
      silent > 0 ? `${silent} silent` : '',
      displaced > 0 ? `${displaced} of the loop, ${lateFrames} late` : '',
      frames > silent + displaced ? `${frames - silent - displaced} of something else` : '',
    ];
    return `${from}–${to}: ${heard.filter(Boolean).join(', ')}`;
  });
  const more = stretches.length - words.length;
  return [...words, ...(more > 0 ? [`and ${more} more stretches`] : [])].join('; ');
};
