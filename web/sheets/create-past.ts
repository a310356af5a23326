/** Which bars of the past are to go where: a length, the last bar, a slot. */
import { createMemo, createSignal } from 'solid-js';
import { LOOP_BARS, type LoopBars } from '../../protocol/limits.ts';
import type { PastMoment } from '../music/past-moments.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';
import { createMoments, LINE_BARS, SHOWN_BARS } from './create-moments.ts';

/** Bars are counted from 1 for people. */
export const barsName = (from: number, end: number): string =>
  from === end ? `bar ${from + 1}` : `bars ${from + 1}–${end + 1}`;

export const createPast = () => {
  const { forSlot, session } = usePage();
  const { moment, moments, newest, runId, setMoment } = createMoments();

  const [length, setLength] = createSignal<LoopBars>(session.loopBars());
  const bars = createMemo(
    () => LOOP_BARS.findLast((each) => each <= Math.min(length(), newest() + 1)) ?? 1,
  );
  const [wantedEnd, setEnd] = createSignal(newest());
  const end = () => Math.min(Math.max(wantedEnd(), bars() - 1), Math.max(0, newest()));
  const from = () => end() - bars() + 1;
  const isIn = (bar: number) => bar >= from() && bar <= end();

  const [shownBars, setShownBars] = createSignal(SHOWN_BARS);
  const first = createMemo(
    () => Math.max(0, Math.ceil((newest() + 1 - shownBars()) / LINE_BARS)) * LINE_BARS,
  );

  const [chosen, setSlot] = createSignal<number | undefined>(
    forSlot() >= 0 ? forSlot() : undefined,
  );
  const slot = () => chosen() ?? session.targetSlot();

  const { ask, forget, isWaiting, why } = createAsk();
  const take = (): Promise<boolean> => {
    const source = session.source();
    const run = runId();
    const part = { slot: slot(), fromBar: from(), bars: bars() };
    const of = { ...(source > 0 && { source }), ...(run !== undefined && { runId: run }) };
    return ask({ cmd: 'REACH_BACK', ...part, ...of });
  };

  return {
    moments,
    moment,
    setMoment(at: PastMoment | null) {
      forget();
      setShownBars(SHOWN_BARS);
      setMoment(at);
      setEnd(at ? at.bar + bars() - 1 : newest());
    },
    runId,
    newest,
    bars,
    setBars: setLength,
    end,
    setEnd(bar: number) {
      forget();
      setEnd(Math.max(0, Math.min(newest(), bar)));
    },
    from,
    isIn,
    first,
    showMore: () => setShownBars(shownBars() + SHOWN_BARS),
    slot,
    setSlot,
    isFetching: isWaiting,
    why,
    take,
  };
};

export type Past = ReturnType<typeof createPast>;
