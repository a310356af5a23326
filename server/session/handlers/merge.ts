/** MERGE_SLOTS: what several slots play together becomes one loop; those not heard stay as they are. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { loopStep } from '../content.ts';
import { asHeard, mergedBeats, mergedLoop } from '../takes/derive.ts';
import {
  type Handler,
  MAKING_MS_MAX,
  type Outcome,
  refuse,
  type Step,
  type Steps,
  steps,
} from '../commands/plan.ts';
import { printTakes, wishFor } from '../sounds/printed-loops.ts';
import { LABELS, NO_CHAIN, type RiffLoop } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { keepLoose } from '../takes/loose-take.ts';
import { loopOf, type Take } from '../takes/takes.ts';
import { emptyStep } from './clear.ts';
import { keepingMix } from './history.ts';
import { gainStep, muteStep, panStep, soloStep } from './mixer.ts';

export const mergeSlots: Handler<'MERGE_SLOTS'> = {
  inLane: true,
  plan({ from, to }, context): Outcome {
    if ([...from, to].some((slot) => !context.state.slots[slot])) {
      return refuse(ERRORS.ERR_NO_SUCH_SLOT.code);
    }
    const sounding = heard(context, from);
    if (sounding.length === 0) return refuse(ERRORS.ERR_NOTHING_TO_MERGE.code);
    const loops = sounding.flatMap((slot) => context.loops[slot] ?? []);
    if (mergedBeats(context, loops) === null) return refuse(ERRORS.ERR_LENGTHS.code);
    const chained = sounding.filter((slot) => hasChain(context, slot));
    if (chained.length === 0) return merged(context, to, sounding, []);
    if (context.rack.isOff) return refuse(ERRORS.ERR_PLUGINS_OFF.code);
    const { sessionId } = context.state.meta;
    const slots = [...from, to];
    const asked = playedBy(context, slots);
    return afterPrints(context, chained, (takes) => {
      if (!Bun.deepEquals(asked, playedBy(context, slots))) {
        for (const [, take] of takes) keepLoose(context, take, sessionId);
        return refuse(ERRORS.ERR_MERGE_CHANGED.code);
      }
      return merged(context, to, sounding, takes);
    });
  },
};

/** What a merge is about: another command may have changed it while plug-ins were printed. */
const playedBy = (context: SessionContext, slots: readonly number[]) => ({
  loops: slots.map((slot) => context.loops[slot]),
  chains: slots.map((slot) => context.state.slots[slot]?.pluginChain),
  heard: heard(context, slots),
  meter: context.state.transport.meter,
  framesPerBeat: context.grid().framesPerBeat,
});

/** Of the job that prints. */
const LABEL = 'Merging';

type Printed = readonly (readonly [slot: number, take: Take])[];

/** First what these slots sound like through their plug-ins; others have their turn meanwhile. */
const afterPrints = (
  context: SessionContext,
  slots: readonly number[],
  then: (printed: Printed) => Outcome,
): Outcome => {
  const { framesPerBeat } = context.grid();
  const wishes = slots.flatMap((slot) => {
    const loop = context.loops[slot];
    const chain = context.state.slots[slot]?.pluginChain ?? [];
    const asked = loop && asHeard(context, slot, loop);
    return (asked && wishFor(context, asked, chain, framesPerBeat, true)) ?? [];
  });
  if (wishes.length < slots.length) return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
  const { sessionId } = context.state.meta;
  const job = context.printJobs.begin('merge', LABEL);
  const printed = printTakes(context, wishes, job).finally(() => job.end());
  const outcome = printed.then((made): Outcome => {
    if (job.signal.aborted) {
      for (const take of typeof made === 'number' ? [] : made) keepLoose(context, take, sessionId);
      return refuse(ERRORS.ERR_MERGE_CANCELLED.code);
    }
    if (typeof made === 'number') return refuse(made);
    const takes = made.map((take, index) => [slots[index] ?? 0, take] as const);
    return { kind: 'turn', next: () => then(takes) };
  });
  return { kind: 'later', outcome, isAside: true };
};

/** What was printed and is in no loop stays as takes that no riff names. */
const merged = (
  context: SessionContext,
  to: number,
  sounding: readonly number[],
  printed: Printed,
): Outcome => {
  const { sessionId } = context.state.meta;
  const loose = () => {
    for (const [, take] of printed) context.log.add({ kind: 'take', sessionId, take });
  };
  for (const [, take] of printed) context.takes.add(take);
  const loops = new Map(printed.map(([slot, take]) => [slot, loopOf(take)]));
  const loop = mergedLoop(context, sounding, loops);
  if (!loop) {
    loose();
    return refuse(ERRORS.ERR_LENGTHS.code);
  }
  return {
    kind: 'load',
    takeIds: [loop.takeId],
    msMax: MAKING_MS_MAX,
    next(failed) {
      if (failed.size > 0) {
        loose();
        return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
      }
      return { ...mergeOutcome(context, to, loop, sounding), refused: loose, torn: loose };
    },
  };
};

const hasChain = (context: SessionContext, slot: number): boolean =>
  context.state.slots[slot]?.pluginChain.length !== 0;

/** Of these, the ones that can be heard, in the order of the slots. */
const heard = (context: SessionContext, from: readonly number[]): number[] =>
  from
    .filter((slot) => context.state.slots[slot]?.audible && context.loops[slot])
    .toSorted((a, b) => a - b);

const mergeOutcome = (
  context: SessionContext,
  to: number,
  loop: RiffLoop,
  sounding: readonly number[],
): Steps => {
  const emptied = sounding.filter((slot) => slot !== to);
  const isSoloed = context.state.slots.some(({ soloed }) => soloed);
  const [first, ...others] = [
    ...printedSteps(context, to, isSoloed),
    ...emptied.flatMap((slot) => [
      ...(context.state.slots[slot]?.soloed ? [soloStep(context, slot, false)] : []),
      emptyStep(context, slot),
    ]),
  ];
  return {
    ...steps(
      ...(first ? [keepingMix(context, first)] : []),
      ...others,
      // The result is what was heard: nothing more is done to it.
      ...(hasChain(context, to) ? [context.chains.step(to, NO_CHAIN)] : []),
      loopStep(context, to, loop),
    ),
    finish() {
      const label = LABELS.merge(sounding, to);
      commitRiff(context, { cause: 'MERGE', label, slot: to, bars: loop.bars });
    },
  };
};

/** What went into the sound is no longer done to it, and it is heard. */
const printedSteps = (context: SessionContext, slot: number, isSoloed: boolean): Step[] => {
  const list = [gainStep(context, slot, 1), panStep(context, slot, 0)];
  const now = context.state.slots[slot];
  if (now?.muted) list.push(muteStep(context, slot, false));
  if (isSoloed && !now?.soloed) list.push(soloStep(context, slot, true));
  return list;
};
