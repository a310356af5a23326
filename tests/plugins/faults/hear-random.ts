/** What the master of a run of random faults says: every frame is the input, wet at a gain it was given, or dry. */
import { GAINS, type Told } from './fault-plan.ts';
import {
  countOf,
  inputSource,
  levelsOf,
  matchesOf,
  SILENT,
  type Span,
  straysOf,
  stretches,
} from './heard.ts';

export interface RandomHearing {
  readonly framesJudged: number;
  readonly nonFinite: number;
  readonly loudest: number;
  readonly strayFrames: number;
  readonly longestFade: number;
  readonly silentFrames: number;
  readonly dryFrames: number;
  readonly outages: number;
  /** Frames at a gain that this plug-in did not have then. */
  readonly wrongGainFrames: number;
  /** Plug-ins that were not heard in the end with what they were set to last, as sentences. */
  readonly lost: readonly string[];
}

/** Of the input's chain: one hop. */
const DELAY = 64;
/** A value takes so long to its plug-in and back, at most. */
const ON_ITS_WAY_FRAMES = 9600;

const SHORTEST = 16;

const DRY = GAINS.length + 1;
const candidates = [...GAINS, 1].map((gain) => ({ gain, delay: DELAY }));

/** The plug-in that is on the input at a frame; null = one is just coming. */
const seatAt = ({ seats }: Told, frame: number): number | null => {
  const now = seats.findLast((seat) => seat.frame <= frame);
  return now && frame - now.frame > DELAY + BLOCK_ROOM ? now.plugin : null;
};
const BLOCK_ROOM = 256;

/** What it may sound like: as it was set last, and what was on its way shortly before. */
const gainsAt = ({ moves }: Told, plugin: number, frame: number): number[] => {
  const own = moves.filter((move) => move.plugin === plugin && move.frame <= frame + BLOCK_ROOM);
  const last = own.at(-1);
  const recent = own.filter((move) => move.frame > frame - ON_ITS_WAY_FRAMES);
  const before = own.filter((move) => move.frame <= frame - ON_ITS_WAY_FRAMES).at(-1);
  return [last, ...recent, before && recent.length > 0 ? before : undefined].flatMap((move) =>
    move ? [move.gain] : [],
  );
};

const wrongGains = (told: Told, frames: Uint8Array, [fromFrame]: Span): number => {
  let wrong = 0;
  for (const [kind, gain] of GAINS.entries()) {
    for (const [start, length] of stretches(frames, (each) => each === kind + 1)) {
      // A crossfade comes near any gain for a moment.
      if (length < SHORTEST) continue;
      const middle = fromFrame + start + Math.floor(length / 2);
      const plugin = seatAt(told, fromFrame + start);
      if (plugin !== null && !gainsAt(told, plugin, middle).includes(gain)) wrong += length;
    }
  }
  return wrong;
};

/** What is wrong with the plug-in's own moment on the input, as a sentence; empty = nothing. */
const lossOf = (
  { fromFrame, gain, plugin, toFrame }: Told['checks'][number],
  frames: Uint8Array,
  from: number,
): string => {
  const window = frames.subarray(Math.floor(fromFrame) - from, Math.floor(toFrame) - from);
  const kind = GAINS.findIndex((each) => each === gain) + 1;
  for (const [index, other] of GAINS.entries()) {
    if (other === gain) continue;
    const longest = stretches(window, (each) => each === index + 1).map(([, length]) => length);
    if (Math.max(0, ...longest) >= SHORTEST) return `plug-in ${plugin} is at ${other}, not ${gain}`;
  }
  const isHeard = countOf(window, (each) => each === kind) > 0;
  return isHeard ? '' : `plug-in ${plugin} was not heard at ${gain} in the end`;
};

export const hearRandom = (
  master: Float32Array,
  noise: Float32Array,
  told: Told,
): RandomHearing => {
  const begin = told.seats[0]?.frame ?? told.firstFrame;
  const span: Span = [Math.ceil(begin + DELAY + BLOCK_ROOM), Math.floor(told.endFrame)];
  const frames = matchesOf(master, inputSource(noise), candidates, span);
  const isDry = (kind: number) => kind === DRY;
  return {
    framesJudged: frames.length,
    ...levelsOf(master, [0, master.length / 2]),
    ...straysOf(frames),
    silentFrames: countOf(frames, (kind) => kind === SILENT),
    dryFrames: countOf(frames, isDry),
    outages: stretches(frames, isDry).length,
    wrongGainFrames: wrongGains(told, frames, span),
    lost: told.checks.map((check) => lossOf(check, frames, span[0])).filter((text) => text !== ''),
  };
};
