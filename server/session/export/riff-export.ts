/** A riff as files: from its bar 0 on until all its loops begin together again. */
import { RENDER_FLAGS, RENDER_MODE } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { SessionContext } from '../context.ts';
import type { CoreExportFile, CoreExportPart } from '../core/port.ts';
import { framesPerBeatOf } from '../riffs/grid-place.ts';
import { wordsOfId } from '../core/ids.ts';
import { type LoopWish, wishFor } from '../sounds/printed-loops.ts';
import { isAudible } from '../state/reduce.ts';
import {
  barZero,
  chainOfSlot,
  LABELS,
  modeOf,
  type Riff,
  type RiffLoop,
  type RiffSlot,
} from '../riffs/riff.ts';
import { commitRiff, isMixedLike, slotsNow } from '../riffs/riff-maker.ts';
import {
  aboutSession,
  type ExportCommand,
  type ExportRequest,
  formatOf,
  members,
  sessionName,
} from './request.ts';
import { bpmName, safeName } from './safe-name.ts';

interface Heard {
  readonly slot: number;
  readonly loop: RiffLoop;
  readonly mix: RiffSlot;
}

const SLOT_NAME_BYTES_MAX = 40;

/** What is neither muted nor silenced by a solo, in the order in which the mixer adds. */
const heardIn = (context: SessionContext, slots: readonly RiffSlot[]): Heard[] => {
  const anySolo = slots.some(({ soloed }) => soloed);
  return slots.flatMap((mix, slot) => {
    const isThere = mix.loop && context.takes.has(mix.loop.takeId);
    if (!mix.loop || !isThere || !isAudible(mix, anySolo)) return [];
    return [{ slot, loop: mix.loop, mix }];
  });
};

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Beats after which all begin together, or as many as are ever written. */
export const roundBeats = (riff: Riff, lengths: readonly number[]) => {
  const most = Math.max(LIMITS.exportRiffBarsMax * riff.meter.beats, ...lengths);
  let beats: number = riff.meter.beats;
  for (const length of lengths) {
    beats = (beats / divisor(beats, length)) * length;
    if (beats > most) return { beats: most, isWhole: false };
  }
  return { beats, isWhole: true };
};

/** The numbers of the mixer, which counts in 32 bits. */
export const mixerGains = ({ gain, pan }: Pick<RiffSlot, 'gain' | 'pan'>) => {
  const level = Math.fround(gain);
  const side = Math.fround(pan);
  const left = side > 0 ? Math.fround(1 - side) : 1;
  const right = side < 0 ? Math.fround(1 + side) : 1;
  return { gainLeft: Math.fround(level * left), gainRight: Math.fround(level * right) };
};

const tempoOf = (loop: RiffLoop) => ({
  mode: modeOf(loop) === 'stretch' ? RENDER_MODE.stretch : RENDER_MODE.repitch,
  flags: modeOf(loop) === 'free' ? RENDER_FLAGS.ownSpeed : 0,
});

/** By slot: what its plug-ins make of it, as long as it is in memory. */
export type PrintedSlots = ReadonlyMap<number, { readonly id: string; readonly wish: LoopWish }>;

const partOf = (
  context: SessionContext,
  heard: Heard,
  firstBeat: number,
  printed: PrintedSlots,
): CoreExportPart => {
  const print = printed.get(heard.slot);
  const own = {
    id: wordsOfId(context.sounds.own(heard.loop)),
    ...tempoOf(heard.loop),
    startFrames: context.sounds.startFrames(heard.loop, firstBeat),
  };
  const wet = print && {
    id: wordsOfId(print.id),
    mode: RENDER_MODE.repitch,
    startFrames: (firstBeat - print.wish.beat) * print.wish.framesPerBeat,
  };
  return { ...own, ...wet, ...mixerGains(heard.mix) };
};

/** Slots whose plug-ins are not in the files: they are written as the loops are. */
const throughPlugins = (heard: readonly Heard[], printed: PrintedSlots): number[] =>
  heard.flatMap(({ mix, slot }) =>
    chainOfSlot(mix).length > 0 && !printed.has(slot) ? [slot + 1] : [],
  );

/** The riff as it sounds now, which may be another one; or the code why there is nothing to write. */
export const exportedRiff = (context: SessionContext, riffId: string): Riff | number => {
  const asked = context.history.get(riffId);
  if (!asked) return ERRORS.ERR_NO_SUCH_RIFF.code;
  return asItSounds(context, asked) ?? ERRORS.ERR_NOTHING_TO_EXPORT.code;
};

export type RiffPrints = readonly (readonly [slot: number, wish: LoopWish])[];

/** What is to be printed before a riff is written: its loops with plug-ins, at its tempo. */
export const riffPrints = (context: SessionContext, riff: Riff): RiffPrints => {
  if (context.rack.isOff) return [];
  const framesPerBeat = framesPerBeatOf(riff.bpm, context.rateHz);
  return heardIn(context, riff.slots).flatMap(({ loop, mix, slot }) => {
    const chain = chainOfSlot(mix);
    if (chain.length === 0) return [];
    const wish = wishFor(context, loop, chain, framesPerBeat, false);
    return wish ? [[slot, wish] as const] : [];
  });
};

const stemOf = (context: SessionContext, { loop, mix, slot }: Heard, track: number) => {
  const { name } = context.state.slots[slot] ?? { name: '' };
  const spoken = safeName(name, SLOT_NAME_BYTES_MAX, '');
  return {
    track,
    ending: `slot ${slot + 1}${spoken === '' ? '' : ` ${spoken}`}`,
    about: members({
      slot: slot + 1,
      name,
      take: loop.takeId,
      bars: loop.bars,
      gain: mix.gain,
      pan: mix.pan,
    }),
  };
};

/** The riff that sounds is written as it sounds: a mix that no riff holds becomes one first. */
const asItSounds = (context: SessionContext, riff: Riff): Riff | null => {
  if (riff.id !== context.history.head.id || isMixedLike(context, riff)) return riff;
  if (heardIn(context, slotsNow(context)).length === 0) return null;
  return commitRiff(context, { cause: 'MIX', label: LABELS.mix() });
};

/** Or the code why there is nothing to write. */
export const riffExport = (
  context: SessionContext,
  command: ExportCommand,
  riff: Riff,
  printed: PrintedSlots,
): ExportRequest | number => {
  const heard = heardIn(context, riff.slots);
  if (heard.length === 0) return ERRORS.ERR_NOTHING_TO_EXPORT.code;
  const framesPerBeat = framesPerBeatOf(riff.bpm, context.rateHz);
  const lengths = heard.map(({ loop }) => loop.lengthBeats);
  const { beats, isWhole } = roundBeats(riff, lengths);
  const frames = beats * framesPerBeat;
  const stems = heard.map((each, track) => stemOf(context, each, track));
  const mix: CoreExportFile = { track: null, ending: 'mix', about: members({ mix: true }) };
  const silent = riff.slots.flatMap(({ loop }, slot) =>
    loop && !heard.some((each) => each.slot === slot) ? [slot + 1] : [],
  );
  const about = {
    ...aboutSession(context, command),
    riff: { id: riff.id, number: riff.seq, label: riff.label },
    played: new Date(riff.tsMs).toISOString(),
    bpm: riff.bpm,
    bpmEffective: (60 * context.rateHz) / framesPerBeat,
    meter: riff.meter,
    rateHz: context.rateHz,
    frames,
    bars: beats / riff.meter.beats,
    endsWhereItBegins: isWhole,
    takes: heard.map(({ loop }) => loop.takeId),
    notHeard: silent,
    withoutPlugins: throughPlugins(heard, printed),
  };
  return {
    label: `Riff ${riff.seq}`,
    core: {
      format: formatOf(command.format),
      fromFrame: 0,
      toFrame: frames,
      framesPerBeat,
      name: `${sessionName(context)}_riff ${riff.seq}_${bpmName(riff.bpm)}`,
      spool: '',
      files: command.stems ? [...stems, mix] : [mix],
      parts: heard.map((each) => partOf(context, each, barZero(riff), printed)),
      about: members(about),
    },
    takeIds: heard.flatMap(({ loop, slot }) =>
      printed.has(slot) ? [] : [context.sounds.own(loop)],
    ),
    sessionId: context.state.meta.sessionId,
    runId: null,
  };
};
