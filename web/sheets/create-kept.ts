/** Which frames of the run that goes on are on disk: asked for when a sheet opens. */
import { createEffect, createSignal, on } from 'solid-js';
import type { PastRun } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import { readPast } from './read-past.ts';

type Kept = PastRun['kept'];

/** Frames of a range that are not there; what comes after the last ones is still on its way. */
export const missingFrames = (kept: Kept, fromFrame: number, toFrame: number): number => {
  const end = Math.min(toFrame, kept.at(-1)?.toFrame ?? fromFrame);
  const there = kept.map((each) =>
    Math.max(0, Math.min(each.toFrame, end) - Math.max(each.fromFrame, fromFrame)),
  );
  return Math.max(0, end - fromFrame) - there.reduce((sum, frames) => sum + frames, 0);
};

export const createKept = () => {
  const { session } = usePage();
  const [kept, setKept] = createSignal<Kept>([]);
  const read = async () => {
    const run = (await readPast())?.find(({ now }) => now);
    if (run) setKept(run.kept);
  };
  createEffect(
    on(
      () => session.state.system.gapFrames,
      () => void read(),
    ),
  );
  return kept;
};
