/**
 * Where the bars of this run lie on the grid, as this page has seen them.
 *
 * Bars are evenly spaced until the meter or the bar line is changed; what lay before stays there.
 */
export interface BarPlace {
  readonly fromBeat: number;
  readonly beats: number;
}

export interface BarLog {
  /** A bar that sounds now, counted from 0. */
  note(bar: number, fromBeat: number, beats: number): void;
  /** Undefined before the first was noted; bars before that are taken to be like it. */
  place(bar: number): BarPlace | undefined;
}

export const makeBarLog = (): BarLog => {
  /** Bars from which another spacing holds, oldest first. */
  const turns: (BarPlace & { readonly bar: number })[] = [];
  return {
    note(bar, fromBeat, beats) {
      const last = turns.at(-1);
      const isAsBefore =
        last?.beats === beats && fromBeat - last.fromBeat === (bar - last.bar) * beats;
      if (isAsBefore && bar >= last.bar) return;
      while ((turns.at(-1)?.bar ?? -1) >= bar) turns.pop();
      turns.push({ bar, fromBeat, beats });
    },
    place(bar) {
      const turn = turns.findLast((each) => each.bar <= bar) ?? turns[0];
      return turn && { fromBeat: turn.fromBeat + (bar - turn.bar) * turn.beats, beats: turn.beats };
    },
  };
};
