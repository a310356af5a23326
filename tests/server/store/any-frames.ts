/** Some frames of the past, as a player would choose them. */
import { segmentsOf, spoolRuns } from '../../../server/session/runs/spool-files.ts';
import type { SpoolRig } from './retention-rig.ts';

export interface AnyFrames {
  readonly runId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
  /** The files of the segments that hold any of these frames now. */
  holding(fromFrame: number, toFrame: number): string[];
}

/** Null when nothing is kept of the run that was chosen. */
export const anyFrames = (rig: SpoolRig, below: (count: number) => number): AnyFrames | null => {
  const runs = spoolRuns(rig.spool).toSorted();
  const runId = runs[below(runs.length)] ?? rig.runId;
  const segments = segmentsOf(rig.spool, runId);
  const at = segments[below(segments.length)];
  if (!at) return null;
  const fromFrame = at.firstFrame + below(50);
  return {
    runId,
    fromFrame,
    toFrame: fromFrame + 1 + below(100),
    holding: (from, to) =>
      segments
        .filter(({ firstFrame, toFrame }) => firstFrame < to && toFrame > from)
        .map(({ path }) => path),
  };
};
