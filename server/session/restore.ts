/** Back to what the store remembers: the head's loops in phase, the mixer as last left. */
import type { SessionContext } from './context.ts';
import { contentSteps, missingTakes } from './content.ts';
import type { CoreEvent } from './core-port.ts';
import { playTake, takeOf } from './handlers/capture.ts';
import { inputStep } from './handlers/input.ts';
import { aboutTake, overdubOf } from './handlers/overdub.ts';
import { gainStep, muteStep, panStep, soloStep } from './handlers/mixer.ts';
import { meterStep, metronomeStep, tempoStep } from './handlers/transport.ts';
import { COMMAND_KIND, EVENT_FLAGS } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { wordsOfId } from './ids.ts';
import { framesOf, latencyStep } from './latency.ts';
import { done, type Outcome, type Step, steps } from './plan.ts';
import { modeOf, type RiffLoop } from './riff.ts';
import { commitRiff, inSessionBeats, slotsNow } from './riff-maker.ts';
import { loopOf } from './takes.ts';

const settingSteps = (context: SessionContext): Step[] => {
  const { devices, transport, sources } = context.state;
  const { beats, unit } = transport.meter;
  return [
    ...(beats === 4 && unit === 4 ? [] : [meterStep(context, beats, unit)]),
    latencyStep(context, {
      frames: framesOf(context, devices.latencyMs),
      outputFrames: framesOf(context, devices.outputLatencyMs),
    }),
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

/**
 * A capture found in shared memory: it becomes a riff and sounds, unless the store has it.
 *
 * One that was to join what its slot plays does so, as one loop with it: the layers are gone with the
 * engine that played them.
 */
export const restoreCapture = (context: SessionContext, event: CoreEvent): Outcome => {
  const { slot } = event;
  const take = takeOf(context, event, event.sourceIndex);
  if (context.takes.has(take.id) || !context.state.slots[slot]) return done;
  context.takes.add(take);
  context.takes.setDurable(take.id);
  const joins = (event.flags & EVENT_FLAGS.overdub) !== 0;
  const below = joins ? (context.loops[slot] ?? null) : null;
  const isOver = below !== null && modeOf(below) !== 'free';
  const loop = isOver ? overdubOf(context, below, take) : loopOf(take);
  const about = aboutTake(slot, take, isOver);
  return {
    kind: 'load',
    takeIds: [loop.takeId],
    next(failed) {
      if (failed.size > 0) {
        // It is in the history all the same: the player can have it back when the disk can.
        const stored = inSessionBeats(loop, context.gridShift);
        const slots = slotsNow(context).map((now, index) =>
          index === slot ? { ...now, loop: stored } : now,
        );
        commitRiff(context, about, slots);
        context.slotAlert(slot, ERRORS.ERR_TAKE_UNREADABLE.code, true);
        return done;
      }
      return {
        ...steps(setStep(slot, loop), muteStep(context, slot, false)),
        finish() {
          if (isOver) {
            context.apply({ t: 'slotMute', slot, muted: false });
            context.setLoop(slot, loop);
          } else {
            playTake(context, slot, take);
          }
          commitRiff(context, about);
        },
      };
    },
  };
};

/** What is made of the take, its tail, follows when it is there; see `sound-keeper.ts`. */
const setStep = (slot: number, loop: RiffLoop): Step => ({
  record: {
    kind: COMMAND_KIND.slotSet,
    slot,
    a: loop.originBeat,
    b: loop.lengthBeats,
    c: loop.offsetFrames,
    id: wordsOfId(loop.takeId),
  },
});
