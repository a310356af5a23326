/**
 * A riff: everything the slots play and how they are mixed at one moment; immutable.
 *
 * Origins are in *session beats*: the running grid's beats minus the session's grid shift, so that
 * riffs of every run keep their loops' relative places.
 */
import type { Place, RiffCause, RiffRow } from '../../../protocol/state.ts';

/** How a loop follows the tempo: its pitch with it, at its own pitch, or not at all. */
export type TempoMode = 'repitch' | 'stretch' | 'free';

export interface RiffLoop {
  readonly takeId: string;
  readonly bars: number;
  readonly lengthBeats: number;
  readonly originBeat: number;
  readonly offsetFrames: number;
  /** Absent = repitch. */
  readonly mode?: Exclude<TempoMode, 'repitch'>;
  /** What was played after the window sounds over its start; absent = it does not. */
  readonly tail?: true;
}

export const modeOf = (loop: RiffLoop | null): TempoMode => loop?.mode ?? 'repitch';

/** The loop, following the tempo and ending in another way. */
export const withWays = (loop: RiffLoop, mode: TempoMode, tail: boolean): RiffLoop => {
  const { mode: _mode, tail: _tail, ...plain } = loop;
  return { ...plain, ...(mode !== 'repitch' && { mode }), ...(tail && { tail }) };
};

/** As one word in the store: `repitch`, `stretch+tail` and so on. */
export const waysText = (loop: RiffLoop | null): string =>
  `${modeOf(loop)}${loop?.tail ? '+tail' : ''}`;

/** Only what differs from the usual, so that riffs stored before it existed are as they were. */
export const waysOfText = (text: string): Pick<RiffLoop, 'mode' | 'tail'> => {
  const [mode, tail] = text.split('+');
  return {
    ...((mode === 'stretch' || mode === 'free') && { mode }),
    ...(tail === 'tail' && { tail: true }),
  };
};

export interface RiffMix {
  readonly gain: number;
  readonly pan: number;
  readonly muted: boolean;
  readonly soloed: boolean;
}

export const sameMix = (a: RiffMix, b: RiffMix): boolean =>
  a.gain === b.gain && a.pan === b.pan && a.muted === b.muted && a.soloed === b.soloed;

/** Plug-ins that a sound goes through, in that order; by their ids. */
export type Chain = readonly string[];

export const NO_CHAIN: Chain = [];

export const sameChain = (a: Chain, b: Chain): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

export interface RiffSlot extends RiffMix {
  readonly loop: RiffLoop | null;
  /** Absent = none, so that riffs stored before it existed are as they were. */
  readonly chain?: Chain;
}

export interface Riff {
  readonly id: string;
  readonly parentId: string | null;
  readonly seq: number;
  readonly tsMs: number;
  readonly cause: RiffCause;
  /** The slot it is about, 0-based. */
  readonly slot: number | null;
  readonly bars: number;
  readonly label: string;
  readonly bpm: number;
  readonly meter: { readonly beats: number; readonly unit: number };
  readonly slots: readonly RiffSlot[];
  /** Session beats by which its beats lie late, 0…1; absent = 0. */
  readonly barFrac?: number;
  /** Of what the player plays; absent = none. */
  readonly inputChain?: Chain;
}

/** Of what is written down only when there is one. */
export const withChain = <Key extends 'chain' | 'inputChain'>(
  key: Key,
  chain: Chain,
): Partial<Record<Key, Chain>> =>
  chain.length === 0 ? {} : ({ [key]: chain } as Record<Key, Chain>);

export const chainOfSlot = (slot: RiffSlot | undefined): Chain => slot?.chain ?? NO_CHAIN;

export const EMPTY_SLOT: RiffSlot = { loop: null, gain: 1, pan: 0, muted: false, soloed: false };

/** The dry side of a take, if it has one. */
export type DryOf = (takeId: string) => string | undefined;

const rowOfLoop = ({ bars, takeId }: RiffLoop, slot: number, dryTakeId: string | undefined) => ({
  slot,
  takeId,
  bars,
  ...(dryTakeId !== undefined && { dryTakeId }),
});

/**
 * What a client sees of it.
 *
 * @param mark What its star is called; undefined = it has none.
 */
export const riffRow = (riff: Riff, dryOf: DryOf, mark?: string): RiffRow => ({
  id: riff.id,
  parentId: riff.parentId,
  seq: riff.seq,
  tsMs: riff.tsMs,
  cause: riff.cause,
  slot: riff.slot,
  bars: riff.bars,
  label: riff.label,
  slots: riff.slots.flatMap(({ loop }, slot) =>
    loop ? [rowOfLoop(loop, slot, dryOf(loop.takeId))] : [],
  ),
  marked: mark !== undefined,
  ...(mark && { mark }),
});

/** The riff's bar 0 in session beats: where its earliest loop begins, on a bar line. */
export const barZero = (riff: Riff): number => {
  const origins = riff.slots.flatMap(({ loop }) => (loop ? [loop.originBeat] : []));
  if (origins.length === 0) return 0;
  const { beats } = riff.meter;
  return Math.floor(Math.min(...origins) / beats) * beats;
};

const count = (bars: number): string => (bars === 1 ? '1 bar' : `${bars} bars`);
const rounded = (bpm: number): string => String(Math.round(bpm * 10) / 10);

const TEMPO_WORDS: Record<TempoMode, string> = {
  repitch: 'follows the tempo',
  stretch: 'follows at its pitch',
  free: 'keeps its own speed',
};

interface Adjustment {
  readonly bars?: number;
  readonly shiftBeats?: number;
  readonly rotateBeats?: number;
}

const moved = (beats: number): string => {
  const size = Math.abs(beats);
  return `${size} ${size <= 1 ? 'beat' : 'beats'} ${beats < 0 ? 'earlier' : 'later'}`;
};

const placeWord = (where: Place): string => (where === 'input' ? 'the input' : String(where + 1));

/** What the step did, in the player's words; slots are counted from 1. */
export const LABELS = {
  root: () => 'Empty session',
  capture: (slot: number, bars: number) => `${count(bars)} into ${slot + 1}`,
  overdub: (slot: number, bars: number) => `${count(bars)} over ${slot + 1}`,
  merge: (from: readonly number[], to: number) =>
    `${from.map((slot) => slot + 1).join(' + ')} merged into ${to + 1}`,
  tail: (slot: number, isOn: boolean) => `Tail of ${slot + 1} ${isOn ? 'on' : 'off'}`,
  tempoMode: (slot: number, mode: TempoMode) => `${slot + 1} ${TEMPO_WORDS[mode]}`,
  adjust: (slot: number, { bars, rotateBeats = 0, shiftBeats = 0 }: Adjustment) => {
    const parts = [
      ...(bars === undefined ? [] : [`now ${count(bars)}`]),
      ...(shiftBeats === 0 ? [] : [`window ${moved(shiftBeats)}`]),
      ...(rotateBeats === 0 ? [] : [`moved ${moved(rotateBeats)}`]),
    ];
    return `${slot + 1} ${parts.join(', ')}`;
  },
  reachBack: (slot: number, fromBar: number, bars: number) =>
    bars === 1
      ? `Bar ${fromBar + 1} into ${slot + 1}`
      : `Bars ${fromBar + 1}–${fromBar + bars} into ${slot + 1}`,
  restore: (slot: number, bars: number, isDry: boolean) =>
    `${count(bars)}${isDry ? ' without effects' : ''} back in ${slot + 1}`,
  found: (sounds: number) => `Found ${sounds} ${sounds === 1 ? 'sound' : 'sounds'}`,
  clear: (slot: number) => `Cleared ${slot + 1}`,
  tempo: (from: number, to: number) => `Tempo ${rounded(from)} → ${rounded(to)}`,
  panic: () => 'Panic: all cleared',
  mix: () => 'Mix before a recall',
  load: (name: string, where: Place) => `${name} into ${placeWord(where)}`,
  unload: (name: string, where: Place) => `${name} out of ${placeWord(where)}`,
  move: (name: string, from: Place, to: Place) =>
    from === to
      ? `${name} moved in ${placeWord(to)}`
      : `${name} from ${placeWord(from)} to ${placeWord(to)}`,
} as const;
