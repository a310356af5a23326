/** Which frames of the past are meant: from a bar line to a bar line of the grids that ran then. */
import type { AppState } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import type { GridEpoch } from '../runs/grid-epochs.ts';
import { framesPerBeatOf } from '../riffs/grid-place.ts';
import { lateFrames } from '../time/latency.ts';
import type { Take } from '../takes/takes.ts';
import type { ExportCommand } from './request.ts';

export type Wanted = Exclude<ExportCommand['what'], { riffId: string }>;

export interface Tempo {
  readonly bpm: number;
  readonly meter: AppState['transport']['meter'];
}

/** Its tempo is the one it begins with; null, as are its bars, where no grid is known. */
export interface PastRange {
  readonly runId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly tempo: Tempo | null;
  readonly bars: number | null;
  /** Of a range in which it was changed: what held from which frame on. */
  readonly tempi: readonly (Tempo & { readonly fromFrame: number })[];
}

export const takesOfRun = (context: SessionContext, runId: string): Take[] =>
  context.takes.played().filter((take) => take.runId === runId);

export const nearestTake = (takes: readonly Take[], frame: number): Take | undefined =>
  takes.toSorted(
    (a, b) => Math.abs(a.fromFrame - frame) - Math.abs(b.fromFrame - frame) || b.bars - a.bars,
  )[0];

const DECIMALS = [0, 1, 2, 3] as const;

/** The roundest tempo of which a beat is so long. */
const bpmOf = (rateHz: number, framesPerBeat: number): number => {
  const exact = (60 * rateHz) / framesPerBeat;
  const rounded = DECIMALS.map((decimals) => Number(exact.toFixed(decimals)));
  return rounded.find((bpm) => framesPerBeatOf(bpm, rateHz) === framesPerBeat) ?? exact;
};

const tempoOf = (context: SessionContext, epoch: GridEpoch): Tempo => ({
  bpm: bpmOf(context.rateHz, epoch.framesPerBeat),
  meter: { beats: epoch.beatsPerBar, unit: context.state.transport.meter.unit },
});

const withTempi = (context: SessionContext, fromFrame: number, toFrame: number): PastRange => {
  const { epochs, runId } = context;
  const late = lateFrames(context);
  const first = epochs.at(fromFrame - late);
  const changes = epochs.within(fromFrame - late, toFrame - late);
  const told = first && changes.length > 0 ? [{ ...first, fromFrame: fromFrame - late }] : [];
  return {
    runId,
    fromFrame,
    toFrame,
    tempo: first ? tempoOf(context, first) : null,
    bars: epochs.barCount(fromFrame - late, toFrame - late),
    tempi: [...told, ...changes].map((epoch) => ({
      fromFrame: epoch.fromFrame + late,
      ...tempoOf(context, epoch),
    })),
  };
};

const lastBars = (context: SessionContext, bars: number): PastRange | null => {
  const { epochs } = context;
  const late = lateFrames(context);
  const last = epochs.lineBefore(context.grid().frame - late);
  if (last === undefined) return null;
  let first = last;
  for (let count = 0; count < bars && first + late > 0; count += 1) {
    first = epochs.lineBefore(first - 1) ?? first;
  }
  const [fromFrame, toFrame] = [Math.max(0, first + late), last + late];
  return fromFrame < toFrame ? withTempi(context, fromFrame, toFrame) : null;
};

/** In the run that goes on. */
const widened = (context: SessionContext, fromFrame: number, toFrame: number): PastRange | null => {
  const { epochs } = context;
  const late = lateFrames(context);
  const first = epochs.lineBefore(fromFrame - late);
  const last = epochs.lineAfter(toFrame - late);
  // What is asked for up to now is waited for up to its bar line, and no further.
  const soonest = epochs.lineAfter(context.grid().frame + 1);
  if (first === undefined || last === undefined || soonest === undefined) return null;
  if (last > soonest) return null;
  return withTempi(context, Math.max(0, first + late), last + late);
};

/** Of an ended run only its takes tell what was played to. */
const widenedToTake = (
  context: SessionContext,
  runId: string,
  fromFrame: number,
  toFrame: number,
): PastRange => {
  const take = nearestTake(takesOfRun(context, runId), fromFrame);
  const none = { runId, fromFrame, toFrame, tempo: null, bars: null, tempi: [] };
  if (!take) return none;
  const beats = Math.max(1, Math.round(take.lengthBeats / Math.max(1, take.bars)));
  const barFrames = beats * take.framesPerBeat;
  const line = take.fromFrame - take.offsetFrames;
  const first = Math.floor((fromFrame - line) / barFrames);
  const last = Math.ceil((toFrame - line) / barFrames);
  return {
    ...none,
    fromFrame: Math.max(0, Math.round(line + first * barFrames)),
    toFrame: Math.round(line + last * barFrames),
    tempo: { bpm: take.bpm, meter: { beats, unit: context.state.transport.meter.unit } },
    bars: last - first,
  };
};

/** Null when there is nothing of it, or not yet. */
export const pastRange = (context: SessionContext, wanted: Wanted): PastRange | null => {
  if ('bars' in wanted) return lastBars(context, wanted.bars);
  const { fromFrame, runId = context.runId, toFrame } = wanted;
  if (fromFrame >= toFrame) return null;
  return runId === context.runId
    ? widened(context, fromFrame, toFrame)
    : widenedToTake(context, runId, fromFrame, toFrame);
};
