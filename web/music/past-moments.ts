/** Places in what is kept of the past, as somebody remembers them: by the clock. */
import type { PastRun } from '../../protocol/link.ts';

export interface PastMoment {
  readonly runId: string;
  /** It lies in the run that goes on. */
  readonly isNow: boolean;
  /** Wall clock, Unix ms. */
  readonly atMs: number;
  readonly bar: number;
  /** The last whole bar of what is kept of the run. */
  readonly lastBar: number;
}

const STEP_MS = 600_000;

/** The bar in which a frame lies; −1 where no grid is known. */
const barAt = ({ grids }: PastRun, frame: number): number => {
  const grid = grids.findLast(({ fromFrame }) => fromFrame <= frame) ?? grids[0];
  if (!grid) return -1;
  const barFrames = grid.framesPerBeat * grid.beatsPerBar;
  return grid.lineBar + Math.floor((frame - grid.lineFrame) / barFrames);
};

/** The newest first. */
const momentsOfRun = (run: PastRun): PastMoment[] => {
  const { kept, now: isNow, rateHz, runId, startedMs } = run;
  const [from, to] = [kept[0]?.fromFrame ?? 0, kept.at(-1)?.toFrame ?? 0];
  const lastBar = barAt(run, to) - 1;
  if (lastBar < 0) return [];
  const msOf = (frame: number) => startedMs + (frame * 1000) / rateHz;
  const moment = (atMs: number): PastMoment => {
    const bar = Math.max(0, barAt(run, ((atMs - startedMs) * rateHz) / 1000));
    return { runId, isNow, atMs, bar: Math.min(bar, lastBar), lastBar };
  };
  const moments: PastMoment[] = [];
  const first = msOf(from);
  for (let ms = Math.floor(msOf(to) / STEP_MS) * STEP_MS; ms > first; ms -= STEP_MS) {
    moments.push(moment(ms));
  }
  return [...moments, moment(first)];
};

/** Every ten minutes, and where each run begins; the newest first. */
export const pastMoments = (runs: readonly PastRun[]): PastMoment[] =>
  runs.toReversed().flatMap(momentsOfRun);
