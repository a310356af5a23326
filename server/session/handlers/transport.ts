/** PLAY, PAUSE, SET_TEMPO, SET_METER, SET_METRONOME, SET_LOOP_BARS. */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { AppState } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { gainOfDb } from '../gain.ts';
import { type Handler, type Step, steps } from '../commands/plan.ts';
import { LABELS } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';

const barPhaseOf = (context: SessionContext, event: CoreEvent): number => {
  const { beats } = context.state.transport.meter;
  const beat = ((event.beat % beats) + beats) % beats;
  return (beat + event.beatFrac) / beats;
};

export const playing =
  (context: SessionContext, isPlaying: boolean) =>
  (event: CoreEvent): void =>
    context.apply({ t: 'playing', isPlaying, barPhase: barPhaseOf(context, event) });

export const play: Handler<'PLAY'> = {
  inLane: false,
  plan: (_, context) =>
    steps({ record: { kind: COMMAND_KIND.play }, applied: playing(context, true) }),
};

export const pause: Handler<'PAUSE'> = {
  inLane: false,
  plan: (_, context) =>
    steps({ record: { kind: COMMAND_KIND.pause }, applied: playing(context, false) }),
};

export const tempoStep = (context: SessionContext, bpm: number): Step => ({
  record: { kind: COMMAND_KIND.tempo, a: bpm },
  applied: ({ framesPerBeat }) =>
    context.apply({ t: 'tempo', bpm, bpmEffective: (60 * context.rateHz) / framesPerBeat }),
});

/** A step of the history while loops are there: UNDO brings the tempo back. */
export const setTempo: Handler<'SET_TEMPO'> = {
  inLane: true,
  plan: ({ bpm }, context) => {
    const from = context.state.transport.bpm;
    return {
      ...steps(tempoStep(context, bpm)),
      finish() {
        if (from === bpm || context.loops.every((loop) => loop === null)) return;
        commitRiff(context, { cause: 'TEMPO', label: LABELS.tempo(from, bpm) });
      },
    };
  },
};

export const meterStep = (context: SessionContext, beats: number, unit: number): Step => ({
  record: { kind: COMMAND_KIND.meter, a: beats, b: unit },
  applied: () => context.apply({ t: 'meter', beats, unit }),
});

export const setMeter: Handler<'SET_METER'> = {
  inLane: false,
  plan: ({ beats, unit }, context) => steps(meterStep(context, beats, unit)),
};

type Metronome = AppState['transport']['metronome'];

export const metronomeStep = (context: SessionContext, metronome: Metronome): Step => ({
  record: {
    kind: COMMAND_KIND.metronome,
    flags: metronome.on ? COMMAND_FLAGS.on : 0,
    a: gainOfDb(metronome.gainDb),
  },
  applied: () => context.apply({ t: 'metronome', metronome: { ...metronome } }),
});

export const setMetronome: Handler<'SET_METRONOME'> = {
  inLane: false,
  plan({ on, gainDb, standby }, context) {
    const now = context.state.transport.metronome;
    const metronome = { on, gainDb: gainDb ?? now.gainDb, standby: standby ?? now.standby };
    return steps(metronomeStep(context, metronome));
  },
};

export const setLoopBars: Handler<'SET_LOOP_BARS'> = {
  inLane: false,
  plan: ({ bars }, context) =>
    steps({
      record: { kind: COMMAND_KIND.mark },
      applied: () => context.apply({ t: 'loopBars', bars }),
    }),
};
