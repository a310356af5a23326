/** Back to what the store remembers: the head's loops in phase, the mixer as last left. */
import type { SessionContext } from './context.ts';
import { contentSteps, missingTakes } from './content.ts';
import type { CoreEvent } from './core-port.ts';
import { playTake, takeOf } from './handlers/capture.ts';
import { inputStep } from './handlers/input.ts';
import { gainStep, muteStep, panStep, soloStep } from './handlers/mixer.ts';
import { meterStep, metronomeStep, tempoStep } from './handlers/transport.ts';
import { COMMAND_KIND } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { wordsOfId } from './ids.ts';
import { framesOf, latencyStep } from './latency.ts';
import { done, type Outcome, type Step, steps } from './plan.ts';
import { LABELS } from './riff.ts';
import { commitRiff, inSessionBeats, slotsNow } from './riff-maker.ts';
import { loopOf, type Take } from './takes.ts';

const settingSteps = (context: SessionContext): Step[] => {
  const { devices, transport, sources } = context.state;
  const { beats, unit } = transport.meter;
  const { on, gainDb } = transport.metronome;
  return [
    ...(beats === 4 && unit === 4 ? [] : [meterStep(context, beats, unit)]),
    latencyStep(context, {
      frames: framesOf(context, devices.latencyMs),
      outputFrames: framesOf(context, devices.outputLatencyMs),
    }),
    metronomeStep(context, on, gainDb),
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

/** All loops in one group. A file that is missing leaves its slot empty and marked. */
export const restoreHead = (context: SessionContext): Outcome => {
  const { head } = context.history;
  return {
    kind: 'load',
    takeIds: missingTakes(context, head),
    next(failed) {
      const loops = contentSteps(context, head, {
        gridShift: context.gridShift,
        mix: 'none',
        everySlot: false,
        failed,
      });
      return loops.length === 0 ? done : steps(...loops);
    },
  };
};

/** A capture found in shared memory: it becomes a riff and sounds, unless the store has it. */
export const restoreCapture = (context: SessionContext, event: CoreEvent): Outcome => {
  const { slot } = event;
  const take = takeOf(context, event, event.sourceIndex);
  if (context.takes.has(take.id) || !context.state.slots[slot]) return done;
  context.takes.add(take);
  context.takes.setDurable(take.id);
  const about = {
    cause: 'CAPTURE',
    label: LABELS.capture(slot, take.bars),
    slot,
    bars: take.bars,
  } as const;
  return {
    kind: 'load',
    takeIds: [take.id],
    next(failed) {
      if (failed.size > 0) {
        // It is in the history all the same: the player can have it back when the disk can.
        const loop = inSessionBeats(loopOf(take), context.gridShift);
        const slots = slotsNow(context).map((now, index) =>
          index === slot ? { ...now, loop } : now,
        );
        commitRiff(context, about, slots);
        context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, true);
        return done;
      }
      return {
        ...steps(setStep(slot, take), muteStep(context, slot, false)),
        finish() {
          playTake(context, slot, take);
          commitRiff(context, about);
        },
      };
    },
  };
};

const setStep = (slot: number, take: Take): Step => ({
  record: {
    kind: COMMAND_KIND.slotSet,
    slot,
    a: take.originBeat,
    b: take.lengthBeats,
    c: take.offsetFrames,
    id: wordsOfId(take.id),
  },
});
