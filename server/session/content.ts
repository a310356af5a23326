/** The records that make the slots play what a riff says. */
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Place, SlotOf } from '../../protocol/state.ts';
import { chainAt } from './chains/chain-keeper.ts';
import { type SessionContext, touchKey } from './context.ts';
import { isSamePlace } from './riffs/grid-place.ts';
import { emptyStep } from './handlers/clear.ts';
import { gainStep, muteStep, panStep, soloStep } from './handlers/mixer.ts';
import { tempoStep } from './handlers/transport.ts';
import { MAKING_MS_MAX, type Step } from './commands/plan.ts';
import {
  chainOfSlot,
  EMPTY_SLOT,
  NO_CHAIN,
  type Riff,
  type RiffLoop,
  type RiffMix,
  sameChain,
} from './riffs/riff.ts';
import { inRunningBeats } from './riffs/riff-maker.ts';
import { freeRecord, setRecord } from './slot-records.ts';

export interface ContentOptions {
  /** Running beat = session beat + this, when the riff has landed. */
  readonly gridShift: number;
  /** `all`: gain, pan, mute, solo as in the riff; `returning`: only of slots that return from empty. */
  readonly mix: 'all' | 'returning' | 'none';
  /** Also the slots that play the right thing already: what is scheduled may change them first. */
  readonly everySlot: boolean;
  /** Takes that cannot be had: their slots stay empty and say so. */
  readonly failed: Pick<ReadonlySet<string>, 'has'>;
  /** Of these, what is still being made: it comes into its slot when it is there. */
  readonly late?: ReadonlySet<string>;
  /** Slots whose mix went into a merge and comes back with what was merged. */
  readonly printed?: ReadonlySet<number>;
}

/**
 * The sound to play a loop with: one of it that plays already, at whatever tempo; else its take.
 * What is made of that, tails and other tempos, follows when it is there; see `sound-keeper.ts`.
 */
export const soundFor = (context: SessionContext, loop: RiffLoop): string =>
  context.sounding.find((id) => id !== null && context.sounds.isOf(id, loop)) ?? loop.takeId;

/** The slot has this loop already, and its sound comes when it is there. */
const isBeingMade = (context: SessionContext, slot: number, loop: RiffLoop): boolean =>
  context.loops[slot]?.takeId === loop.takeId && context.sounding[slot] === null;

/** To be had before something else happens; what is made is waited for longer. */
export const needing = (context: SessionContext, takeIds: readonly string[]) => ({
  kind: 'load' as const,
  takeIds,
  ...(takeIds.some((id) => context.sounds.isMade(id)) && { msMax: MAKING_MS_MAX }),
});

/** What the loops of a riff need that no slot plays now. */
export const missingTakes = (context: SessionContext, riff: Riff): string[] => {
  const playing = new Set(context.sounding);
  const needed = riff.slots.flatMap(({ loop }, slot) =>
    loop && !isBeingMade(context, slot, loop) ? [soundFor(context, loop)] : [],
  );
  return [...new Set(needed)].filter((id) => !playing.has(id));
};

const isSame = (context: SessionContext, a: RiffLoop | null, b: RiffLoop | null): boolean => {
  if (a === null || b === null) return a === b;
  if (a.takeId !== b.takeId || a.mode !== b.mode || a.tail !== b.tail) return false;
  return isSamePlace(a, b, context.takes.get(a.takeId)?.framesPerBeat ?? 1);
};

/** The slot shows what it waits for, unless it is about to be captured. */
export const showRecall = (context: SessionContext, riff: Riff, atFrame: number): void => {
  for (const [slot, now] of context.state.slots.entries()) {
    if (now.pending?.kind === 'capture') continue;
    const loop = riff.slots[slot]?.loop;
    const pending: SlotOf['pending'] = {
      kind: 'recall',
      atFrame,
      takeId: loop?.takeId ?? null,
      bars: loop?.bars ?? 0,
    };
    context.apply({ t: 'slotPending', slot, pending });
  }
};

const recallOver = (context: SessionContext, slot: number): void => {
  if (context.state.slots[slot]?.pending?.kind !== 'recall') return;
  context.apply({ t: 'slotPending', slot, pending: null });
};

export const loopStep = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  soundId: string = loop.takeId,
): Step => ({
  record: setRecord(context, slot, loop, soundId),
  applied() {
    recallOver(context, slot);
    context.setLoop(slot, loop, soundId);
    context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
  },
});

/**
 * The slot's loop in another place or with other ways; what is heard of it stays, also nothing when it is
 * still being made. A recording that waited may have ended meanwhile: then this is about that loop.
 */
export const changeLoop = (
  context: SessionContext,
  slot: number,
  changed: (loop: RiffLoop) => RiffLoop,
): void => {
  const loop = context.loops[slot];
  if (loop) context.setLoop(slot, changed(loop), context.sounding[slot]);
};

/** The loop is the slot's from now on; it is heard when it has been made. */
const makingStep = (context: SessionContext, slot: number, loop: RiffLoop): Step => ({
  ...emptyStep(context, slot),
  applied() {
    recallOver(context, slot);
    context.setLoop(slot, loop, null);
    context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, false);
  },
});

/** The slot plays the loop, on the grid or at its own speed. */
export const playSteps = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  soundId: string,
): Step[] => [
  loopStep(context, slot, loop, soundId),
  ...(loop.mode === 'free' ? [{ record: freeRecord(slot, true) }] : []),
];

/** @param isLost There is a loop for it that cannot be had. */
const silentStep = (context: SessionContext, slot: number, isLost: boolean): Step => {
  const step = emptyStep(context, slot);
  return {
    ...step,
    applied(event) {
      recallOver(context, slot);
      step.applied?.(event);
      if (isLost) context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, true);
    },
  };
};

/** Without what somebody moved since the step was asked for: the later hand wins. */
const mixSteps = (context: SessionContext, slot: number, mix: RiffMix): Step[] =>
  [
    gainStep(context, slot, mix.gain),
    panStep(context, slot, mix.pan),
    muteStep(context, slot, mix.muted),
    soloStep(context, slot, mix.soloed),
  ].filter(({ record }) => !context.touched.has(touchKey(slot, record.kind)));

const STEPS_PER_SLOT = 6;

/** What waits is bounded: in a session of very many slots only what differs is in it. */
const fitsWhole = (context: SessionContext): boolean =>
  context.loops.length * STEPS_PER_SLOT < LIMITS.groupCountMax;

const isMixed = (context: SessionContext, slot: number, mix: RiffMix): boolean => {
  const now = context.state.slots[slot];
  return (
    now?.volume === mix.gain &&
    now.pan === mix.pan &&
    now.muted === mix.muted &&
    now.soloed === mix.soloed
  );
};

/** What each sound goes through, as in the riff; of all that can be told when it is to be sure. */
const chainSteps = (context: SessionContext, riff: Riff, isSure: boolean): Step[] => {
  if (context.rack.isEmpty) return [];
  const places: Place[] = ['input', ...context.state.slots.keys()];
  return places.flatMap((place) => {
    const wanted =
      place === 'input' ? (riff.inputChain ?? NO_CHAIN) : chainOfSlot(riff.slots[place]);
    const isThere = sameChain(wanted, chainAt(context.state, place));
    return isThere && !isSure ? [] : [context.chains.step(place, wanted, isSure)];
  });
};

/** Leads from what plays now to the riff; the loops come last, so that they are in one group. */
export const contentSteps = (
  context: SessionContext,
  riff: Riff,
  options: ContentOptions,
): Step[] => {
  const content: Step[] = [];
  const mix: Step[] = [];
  for (const [slot, now] of context.loops.entries()) {
    const target = riff.slots[slot] ?? EMPTY_SLOT;
    const stored = target.loop;
    const sound = stored && soundFor(context, stored);
    const isLate =
      stored !== null &&
      sound !== null &&
      (options.late?.has(sound) === true || isBeingMade(context, slot, stored));
    const isLost = sound !== null && options.failed.has(sound) && !isLate;
    const loop =
      stored && !isLost ? inRunningBeats(context, riff, stored, options.gridShift) : null;
    if (!isSame(context, now, loop) || options.everySlot) {
      if (loop && isLate) content.push(makingStep(context, slot, loop));
      else if (loop && sound !== null) content.push(...playSteps(context, slot, loop, sound));
      else content.push(silentStep(context, slot, isLost));
    } else if (isLost) {
      context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, true);
    }
    const isReturning = now === null && loop !== null;
    const isWanted =
      options.mix === 'all' ||
      (options.mix === 'returning' && (isReturning || options.printed?.has(slot) === true));
    if (!isWanted) continue;
    const isThere = isMixed(context, slot, target) && !context.isBusy(slot);
    if (isThere && !(options.everySlot && fitsWhole(context))) continue;
    mix.push(...mixSteps(context, slot, target));
  }
  const chains = chainSteps(context, riff, options.everySlot);
  if (options.mix === 'none' || context.state.transport.bpm === riff.bpm) {
    return [...mix, ...chains, ...content];
  }
  return [...mix, ...chains, ...content, tempoStep(context, riff.bpm)];
};
