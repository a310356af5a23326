/** ALIGN_GRID, TAP_TEMPO: the player says where the beat is. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { changeLoop } from '../content.ts';
import type { SessionContext } from '../context.ts';
import { movedBy } from '../riffs/grid-place.ts';
import { type Handler, type Step, steps } from '../commands/plan.ts';
import { LABELS } from '../riffs/riff.ts';
import { amendRiff, commitRiff } from '../riffs/riff-maker.ts';
import { tempoStep } from './transport.ts';

/** The beats moved by so many of themselves under loops that stay where they are. */
const beatsMoved = (context: SessionContext, beats: number): void => {
  if (beats === 0) return;
  context.gridShift -= beats;
  for (const slot of context.loops.keys()) {
    changeLoop(context, slot, (loop) => {
      const { framesPerBeat = 0 } = context.takes.get(loop.takeId) ?? {};
      return movedBy(loop, -beats, framesPerBeat);
    });
  }
  context.log.add({
    kind: 'gridShift',
    sessionId: context.state.meta.sessionId,
    gridShift: context.gridShift,
  });
};

const alignStep = (
  context: SessionContext,
  command: { readonly at?: number },
  beatsIn = 0,
): Step => ({
  record: {
    kind: COMMAND_KIND.align,
    atMs: command.at ?? 0,
    a: beatsIn,
    c: context.presses.of(command)?.frame ?? 0,
  },
  applied: ({ framesPerBeat, value }) => beatsMoved(context, value / framesPerBeat),
});

export const alignGrid: Handler<'ALIGN_GRID'> = {
  inLane: true,
  waits: (command, context) => context.presses.mark(command),
  plan: (command, context) => steps(alignStep(context, command)),
};

const isSilent = (context: SessionContext): boolean =>
  context.loops.every((loop) => loop === null) &&
  context.state.slots.every(({ pending }) => pending?.kind !== 'capture');

/** All taps of a series are one step: UNDO leads to the tempo before the first of them. */
const commitTaps = (context: SessionContext, from: number, bpm: number): void => {
  const { log, taps } = context;
  if (from === bpm) return;
  if (taps.step && log.isOpen(taps.step.riffId)) {
    amendRiff(context, LABELS.tempo(taps.step.fromBpm, bpm));
  } else {
    const label = LABELS.tempo(from, bpm);
    const { id: riffId } = commitRiff(context, { cause: 'TEMPO', label, isOpen: true });
    taps.step = { riffId, fromBpm: from };
  }
};

/** From the second tap on the tempo follows; while nothing sounds the first tap is the downbeat. */
export const tapTempo: Handler<'TAP_TEMPO'> = {
  inLane: true,
  waits: (command, context) => context.presses.mark(command),
  plan(command, context) {
    const { at } = command;
    const bpm = context.taps.add(at ?? context.nowMs());
    const from = context.state.transport.bpm;
    const alignments = isSilent(context) ? [alignStep(context, command, context.taps.beatsIn)] : [];
    if (bpm === null) {
      return steps(...alignments, { record: { kind: COMMAND_KIND.mark } });
    }
    return {
      ...steps(tempoStep(context, bpm), ...alignments),
      finish() {
        if (!isSilent(context)) commitTaps(context, from, bpm);
        return { bpm };
      },
    };
  },
};
