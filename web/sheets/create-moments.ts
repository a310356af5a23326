/** When in the past: the newest bars as they come, or a moment of what is kept. */
import { createSignal } from 'solid-js';
import { type PastMoment, pastMoments } from '../music/past-moments.ts';
import { usePage } from '../use-session.ts';
import { createNewestBar } from './create-newest-bar.ts';
import { readPast } from './read-past.ts';

export const LINE_BARS = 8;
export const SHOWN_BARS = 64;

export const createMoments = () => {
  const newestOfAll = createNewestBar(usePage().session);
  const [moments, setMoments] = createSignal<readonly PastMoment[]>([]);
  const [moment, setMoment] = createSignal<PastMoment | null>(null);
  void readPast().then((runs) => runs && setMoments(pastMoments(runs)));
  return {
    /** Asked for once; the newest first. */
    moments,
    /** Null = the newest bars. */
    moment,
    setMoment,
    /** The last bar that is shown. */
    newest: () => {
      const at = moment();
      if (!at) return newestOfAll();
      const first = at.bar - (at.bar % LINE_BARS);
      return Math.min(first + SHOWN_BARS - 1, at.isNow ? newestOfAll() : at.lastBar);
    },
    /** Undefined = of the run that goes on; what this page has heard itself is of that. */
    runId: () => {
      const at = moment();
      return at && !at.isNow ? at.runId : undefined;
    },
  };
};
