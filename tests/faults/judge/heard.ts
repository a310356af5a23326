/** What a listener at a sound server noted of a loop, beside what FlowZone recorded meanwhile. */
import { readFileSync } from 'node:fs';
import type { LoopRange } from './loop-faults.ts';
import { type Declared, FRAMES_MAX, NOWHERE, serverFrame } from './seams.ts';

const HEAD_WORDS = 2;
const WORD_BYTES = 4;
/** Beginning and end of a loop are blended. */
const SEAM_FRAMES = 504;

/** Of what was played: the rest the listener may have heard late, and cannot tell where. */
const JUDGED_SHARE_MIN = 0.9;

/** What was heard in one block of the server, on the left. */
export interface Heard {
  /** The server's number of its first frame. */
  readonly frame: number;
  readonly left: Float32Array;
}

export const readHeard = (path: string): Heard[] => {
  const { buffer } = new Uint8Array(readFileSync(path));
  const words = new Uint32Array(buffer);
  const blocks: Heard[] = [];
  for (let at = 0; at < words.length; ) {
    const [frame = 0, count = 0] = words.subarray(at, at + HEAD_WORDS);
    at += HEAD_WORDS;
    blocks.push({ frame, left: new Float32Array(buffer, WORD_BYTES * at, count) });
    at += count;
  }
  return blocks;
};

/** Blocks that the listener heard in time; it does not know which one it heard where it was late. */
const inTime = (blocks: readonly Heard[]): Heard[] => {
  const follows = (at: number): boolean => {
    const before = blocks[at - 1];
    return before === undefined || before.frame + before.left.length === blocks[at]?.frame;
  };
  return blocks.filter((_, at) => follows(at) && (at + 1 === blocks.length || follows(at + 1)));
};

export interface Recorded {
  /** Stereo. */
  readonly sound: Float32Array;
  /** The server's number of each frame of it. */
  readonly frames: Int32Array;
  readonly declared: readonly Declared[];
}

/** By the server's numbers: the frame of FlowZone in which each was recorded, and so its output heard. */
const playedIn = (frames: Int32Array): Int32Array => {
  const places = new Int32Array(FRAMES_MAX).fill(NOWHERE);
  for (const [at, frame] of frames.entries()) if (frame !== NOWHERE) places[frame] = at;
  return places;
};

const modulo = (value: number, length: number): number => ((value % length) + length) % length;

export interface LoopVerdict {
  /** Frames that were heard while FlowZone played them, seams of the loop left out. */
  readonly judged: number;
  /** Frames that it played by then, seams of the loop left out. */
  readonly played: number;
  /** Of them, those that are not what the loop has there, and not declared. */
  readonly wrong: number;
  /** The first of these by FlowZone's timeline; null = none. */
  readonly firstWrong: number | null;
}

/**
 * Whether a loop that plays alone from a frame on is heard in its order: at each frame of FlowZone's
 * timeline what it has there, whatever time the server spent without us in between.
 */
export const judgeHeard = (
  blocks: readonly Heard[],
  { declared, frames, sound }: Recorded,
  { fromFrame, toFrame }: LoopRange,
  aloneFrom: number,
): LoopVerdict => {
  const length = toFrame - fromFrame;
  const places = playedIn(frames);
  const heard = inTime(blocks);
  const forEach = (visit: (place: number, sample: number) => void): void => {
    for (const { frame, left } of heard) {
      for (const [at, sample] of left.entries()) {
        const place = places[frame + at] ?? NOWHERE;
        if (place >= aloneFrom) visit(place, sample);
      }
    }
  };
  const votes = new Uint32Array(length);
  forEach((place, sample) => {
    const taken = places[serverFrame(sample)] ?? NOWHERE;
    if (taken < fromFrame || taken >= toFrame) return;
    const phase = modulo(place - (taken - fromFrame), length);
    votes[phase] = (votes[phase] ?? 0) + 1;
  });
  const phase = votes.indexOf(votes.reduce((most, count) => Math.max(most, count), 0));
  const isDeclared = (place: number): boolean =>
    declared.some((range) => range.fromFrame <= place && place < range.toFrame);
  let judged = 0;
  const wrong: number[] = [];
  forEach((place, sample) => {
    const at = modulo(place - phase, length);
    if (at < SEAM_FRAMES || at >= length - SEAM_FRAMES) return;
    judged += 1;
    if (sample !== sound[2 * (fromFrame + at)] && !isDeclared(place)) wrong.push(place);
  });
  const share = Math.max(0, 1 - (2 * SEAM_FRAMES) / length);
  const played = Math.round(share * Math.max(0, frames.length - aloneFrom));
  return { judged, played, wrong: wrong.length, firstWrong: wrong[0] ?? null };
};

/** A listener that heard nothing has heard nothing wrong. */
export const heardFaults = ({ firstWrong, judged, played, wrong }: LoopVerdict): string[] => [
  ...(wrong > 0 ? [`${wrong} frames of the loop are wrong, the first at ${firstWrong}`] : []),
  ...(judged < JUDGED_SHARE_MIN * played || judged === 0
    ? [`of ${played} frames that were played only ${judged} could be judged`]
    : []),
];
