/** Bar and beat for people, counted from 1. */
export interface Position {
  bar: number;
  beat: number;
}

/** Where a grid beat lies, given any beat that starts a bar and that bar's number from 0. */
export const positionAt = (
  beat: number,
  barStartBeat: number,
  barIndex: number,
  beatsPerBar: number,
  out: Position,
): Position => {
  const inBars = Math.floor((beat - barStartBeat) / beatsPerBar);
  out.bar = barIndex + inBars + 1;
  out.beat = Math.floor(beat - barStartBeat - inBars * beatsPerBar) + 1;
  return out;
};
