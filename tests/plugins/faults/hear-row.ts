/** What the master of a row says, before and after the fault. */
import { readWavFile } from '../../judge/wav.ts';
import { GAIN_DEFAULT } from '../fixture/build.ts';
import {
  type Candidate,
  countOf,
  inputSource,
  levelsOf,
  loopSource,
  matchesOf,
  SILENT,
  type Source,
  type Span,
  stretches,
  straysOf,
} from './heard.ts';
import { type Mode, type Path, SET_GAIN } from './modes.ts';
import { BLOCK_FRAMES, type FaultStage } from './stage.ts';

export interface Heard {
  readonly frames: number;
  readonly wetFrames: number;
  /** At a gain that nobody set. */
  readonly otherGainFrames: number;
  readonly silentFrames: number;
  readonly strayFrames: number;
  readonly longestFade: number;
  readonly nonFinite: number;
  readonly loudest: number;
}

export interface RowHearing {
  readonly before: Heard;
  readonly after: Heard;
  /** Frames after the fault in which it was not heard. */
  readonly bypassedFrames: number;
  /** The longest time until it was heard for good. */
  readonly dryMs: number;
  /** It is heard in the end. */
  readonly isWetAtEnd: boolean;
  /** Frames of the loop that are not what its take was made of: its seam. */
  readonly seamFrames: number;
}

interface Spans {
  readonly wetFrame: number;
  readonly faultFrame: number;
  readonly endFrame: number;
}

const FRAMES_PER_MS = 48;
/** It is heard again when it is so for as long as a host must be well before it is. */
const WELL_FRAMES = 512;

const delaysOf = ({ latencies = [0] }: Mode, path: Path): number[] => {
  // A chain of one hop is one block late.
  if (path === 'input') return latencies.map((each) => BLOCK_FRAMES + each);
  // It is looked ahead by what it says it is late.
  const [first = 0, second = first] = latencies;
  return first === second ? [0] : [0, first - second];
};

interface Kinds {
  readonly candidates: readonly Candidate[];
  isWet(kind: number): boolean;
  isOther(kind: number): boolean;
}

const kindsOf = (mode: Mode, path: Path): Kinds => {
  const delays = delaysOf(mode, path);
  const others = mode.otherGains ?? [];
  const gains = [SET_GAIN, ...others, 1, GAIN_DEFAULT];
  const candidates = gains.flatMap((gain) => delays.map((delay) => ({ gain, delay })));
  const gainOf = (kind: number) => candidates[kind - 1]?.gain;
  const isWet = (kind: number) => gainOf(kind) === SET_GAIN || others.includes(gainOf(kind) ?? NaN);
  const isOther = (kind: number) => gainOf(kind) === GAIN_DEFAULT && !isWet(kind);
  return { candidates, isWet, isOther };
};

/** The loop as it was heard dry; what of it is not its take is the seam. */
const recordedLoop = (
  { dryBar, noise, window }: Pick<FaultStage, 'dryBar' | 'noise' | 'window'>,
  master: Float32Array,
): { source: Source; seamFrames: number } => {
  if (!dryBar || !window) return { source: inputSource(noise), seamFrames: 0 };
  const take = loopSource(noise, window);
  let seamFrames = 0;
  for (let frame = dryBar.fromFrame; frame < dryBar.toFrame; frame += 1) {
    if (Math.abs((master[2 * frame] ?? NaN) - take.at(frame, 0)) > 1e-6) seamFrames += 1;
  }
  return { source: loopSource(master, dryBar), seamFrames };
};

/** Frames of the longest stretch in which it is not heard for good. */
const longestDry = (frames: Uint8Array, isWet: (kind: number) => boolean): number => {
  let [longest, first, last] = [0, -1, -1];
  for (const [start, length] of stretches(frames, (kind) => !isWet(kind))) {
    if (first < 0 || start - last > WELL_FRAMES) first = start;
    last = start + length;
    longest = Math.max(longest, last - first);
  }
  return longest;
};

const heardIn = (
  master: Float32Array,
  frames: Uint8Array,
  { isOther, isWet }: Kinds,
  span: Span,
): Heard => ({
  frames: frames.length,
  wetFrames: countOf(frames, isWet),
  otherGainFrames: countOf(frames, isOther),
  silentFrames: countOf(frames, (kind) => kind === SILENT),
  ...straysOf(frames),
  ...levelsOf(master, span),
});

export const hearMaster = (
  master: Float32Array,
  stage: Pick<FaultStage, 'dryBar' | 'noise' | 'window'>,
  { mode, path }: { readonly mode: Mode; readonly path: Path },
  spans: Spans,
): RowHearing => {
  const { seamFrames, source } = recordedLoop(stage, master);
  const kinds = kindsOf(mode, path);
  const [from, at, to] = [spans.wetFrame, spans.faultFrame, spans.endFrame].map(Math.floor) as [
    number,
    number,
    number,
  ];
  const before = matchesOf(master, source, kinds.candidates, [from, at]);
  const after = matchesOf(master, source, kinds.candidates, [at, to]);
  return {
    before: heardIn(master, before, kinds, [from, at]),
    after: heardIn(master, after, kinds, [at, to]),
    bypassedFrames: countOf(after, (kind) => !kinds.isWet(kind)),
    dryMs: Math.round((10 * longestDry(after, kinds.isWet)) / FRAMES_PER_MS) / 10,
    isWetAtEnd: kinds.isWet(after.at(-1) ?? 0),
    seamFrames,
  };
};

export const hearRow = (stage: FaultStage, mode: Mode, path: Path, spans: Spans): RowHearing =>
  hearMaster(readWavFile(stage.masterPath).samples, stage, { mode, path }, spans);
