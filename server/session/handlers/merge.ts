/** MERGE_SLOTS: what several slots play together becomes one loop; those not heard stay as they are. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { loopStep } from '../content.ts';
import { mergedLoop } from '../derive.ts';
import { type Handler, MAKING_MS_MAX, type Outcome, refuse, type Step, steps } from '../plan.ts';
import { LABELS, type RiffLoop } from '../riff.ts';
import { commitRiff } from '../riff-maker.ts';
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
    const loop = mergedLoop(context, sounding);
    if (!loop) return refuse(ERRORS.ERR_LENGTHS.code);
    return {
      kind: 'load',
      takeIds: [loop.takeId],
      msMax: MAKING_MS_MAX,
      next(failed) {
        if (failed.size > 0) return refuse(ERRORS.ERR_TAKE_NOT_LOADED.code);
        return mergeOutcome(context, to, loop, sounding);
      },
    };
  },
};

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
): Outcome => {
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
