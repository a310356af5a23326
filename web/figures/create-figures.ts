/** Asks once a second how the machine copes, while somebody looks: all of it first, then the news. */
import { createSignal, onCleanup, onMount } from 'solid-js';
import type { MetricsHistory } from '../../protocol/messages.ts';
import { usePage } from '../use-session.ts';
import { movedOn, SPAN_SECONDS } from './read-series.ts';

const ASK_MS = 1000;
/** Reaches back over a few answers that came late. */
const NEWS_SECONDS = 10;

export const createFigures = () => {
  const { session } = usePage();
  const [history, setHistory] = createSignal<MetricsHistory>();
  let hasAll = false;
  const take = (told: MetricsHistory) => {
    const known = hasAll ? history() : undefined;
    const next = known ? movedOn(known, told) : told;
    hasAll = next !== undefined;
    if (next) setHistory(next);
  };
  const ask = () => {
    if (!document.hidden) session.askFigures(hasAll ? NEWS_SECONDS : SPAN_SECONDS);
  };
  onMount(() => {
    onCleanup(session.listenToFigures(take));
    ask();
    const timer = setInterval(ask, ASK_MS);
    onCleanup(() => clearInterval(timer));
  });
  return history;
};
