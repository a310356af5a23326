/** Which frames of the run that goes on are on disk: asked for when a sheet opens, and anew when some are lost. */
import { createEffect, createSignal, on } from 'solid-js';
import { ERRORS } from '../../protocol/errors.ts';
import type { PastRun } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import { readPast } from './read-past.ts';

export interface Kept {
  /** Frames on disk, oldest first. */
  readonly ranges: PastRun['kept'];
  /** Frames right behind the last of them that will not be: the disk takes nothing now. */
  readonly lostFrames: number;
}

/** Frames of a range that are not there; what comes after those that were lost is still on its way. */
export const missingFrames = ({ lostFrames, ranges }: Kept, fromFrame: number, toFrame: number) => {
  const end = (ranges.at(-1)?.toFrame ?? fromFrame) + lostFrames;
  const known = Math.min(toFrame, end);
  const there = ranges.map((each) =>
    Math.max(0, Math.min(each.toFrame, known) - Math.max(each.fromFrame, fromFrame)),
  );
  return Math.max(0, known - fromFrame) - there.reduce((sum, frames) => sum + frames, 0);
};

/** One question at a time; asked meanwhile, it is asked once more, so that the newest answer stays. */
const makeAsking = (read: () => Promise<void>) => {
  let isReading = false;
  let isStale = false;
  return async () => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    while (isStale) {
      isStale = false;
      await read();
    }
    isReading = false;
  };
};

export const createKept = () => {
  const { session } = usePage();
  const [run, setRun] = createSignal<Pick<PastRun, 'gapFrames' | 'kept'>>({
    gapFrames: 0,
    kept: [],
  });
  const ask = makeAsking(async () => {
    const now = (await readPast())?.find((each) => each.now);
    if (now) setRun(now);
  });
  const isRefusing = () =>
    Object.values(session.state.alerts).some(({ code }) => code === ERRORS.ERR_DISK_CRITICAL.code);
  /** A gap is declared when it ends; while it grows nobody needs to ask. */
  const declared = () => (isRefusing() ? -1 : session.state.system.gapFrames);
  createEffect(on(declared, () => void ask()));
  return (): Kept => {
    const { gapFrames, kept } = run();
    const open = isRefusing() ? session.state.system.gapFrames - gapFrames : 0;
    return { ranges: kept, lostFrames: Math.max(0, open) };
  };
};
