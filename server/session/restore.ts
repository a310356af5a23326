/** Back to what the store remembers: the head's loops in phase, the mixer as last left. */
import type { SessionContext } from './context.ts';
import { contentSteps, missingTakes } from './content.ts';
import { inputStep } from './handlers/input.ts';
import { gainStep, muteStep, panStep, soloStep } from './handlers/mixer.ts';
import { meterStep, metronomeStep, tempoStep } from './handlers/transport.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { latencyStep } from './time/latency.ts';
import { done, type Outcome, type Step, steps } from './commands/plan.ts';

const settingSteps = (context: SessionContext): Step[] => {
  const { transport, sources } = context.state;
  const { beats, unit } = transport.meter;
  return [
    ...(beats === 4 && unit === 4 ? [] : [meterStep(context, beats, unit)]),
    latencyStep(context, {}),
    metronomeStep(context, transport.metronome),
    tempoStep(context, transport.bpm),
    ...sources.map((source, index) => inputStep(context, index, source.gainDb, source.monitor)),
  ];
};

const mixerSteps = (context: SessionContext): Step[] =>
  context.state.slots.flatMap((slot, index) => [
    ...(slot.volume === 1 ? [] : [gainStep(context, index, slot.volume)]),
    ...(slot.pan === 0 ? [] : [panStep(context, index, slot.pan)]),
    ...(slot.muted ? [muteStep(context, index, true)] : []),
    ...(slot.soloed ? [soloStep(context, index, true)] : []),
  ]);

/**
 * In groups of their own, so that a mix that is refused costs no loop. The state already shows the
 * mixer; the core, being new, does not know it yet.
 */
export const restoreMixer = (context: SessionContext): Outcome[] => {
  const all = [...settingSteps(context), ...mixerSteps(context)];
  const count = Math.ceil(all.length / LIMITS.groupCountMax);
  return Array.from({ length: count }, (_, index) =>
    steps(...all.slice(index * LIMITS.groupCountMax, (index + 1) * LIMITS.groupCountMax)),
  );
};

/**
 * All loops in one group. A file that is missing leaves its slot empty and marked; a loop that is still
 * being made is its slot's and comes in later.
 */
export const restoreHead = (context: SessionContext): Outcome => {
  const { head } = context.history;
  return {
    kind: 'load',
    takeIds: missingTakes(context, head),
    next(failed, late) {
      const loops = contentSteps(context, head, {
        gridShift: context.gridShift,
        mix: 'none',
        everySlot: false,
        failed,
        late,
      });
      return loops.length === 0 ? done : steps(...loops);
    },
  };
};
