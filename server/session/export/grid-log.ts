/**
 * Which grid ran when, so that a range of the past can begin and end on bar lines.
 *
 * The grid is looked at once a second: a change counts from the look that sees it.
 */
import type { AppState } from '../../../protocol/state.ts';
import type { CoreGrid } from '../core-port.ts';
import type { Take } from '../takes.ts';

/** Bars from a frame on. */
export interface GridSpan {
  readonly fromFrame: number;
  /** A frame on which a bar begins. */
  readonly lineFrame: number;
  readonly barFrames: number;
  readonly bpm: number;
  readonly meter: AppState['transport']['meter'];
}

/** Nearer than this two bar lines are one. */
const SAME_FRAMES = 1;
const SPANS_MAX = 10_000;

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

const isSame = (a: GridSpan, b: GridSpan): boolean => {
  if (a.barFrames !== b.barFrames || a.meter.beats !== b.meter.beats) return false;
  const apart = modulo(a.lineFrame - b.lineFrame, a.barFrames);
  return Math.min(apart, a.barFrames - apart) <= SAME_FRAMES;
};

export class GridLog {
  readonly #spans: GridSpan[] = [];

  see(
    { barBeat, beat, beatFrac, frame, framesPerBeat }: CoreGrid,
    { bpm, meter }: AppState['transport'],
  ): void {
    if (framesPerBeat <= 0) return;
    const span: GridSpan = {
      fromFrame: frame,
      lineFrame: frame + (barBeat - beat - beatFrac) * framesPerBeat,
      barFrames: meter.beats * framesPerBeat,
      bpm,
      meter,
    };
    const last = this.#spans.at(-1);
    if (last && isSame(last, span)) return;
    this.#spans.push(span);
    if (this.#spans.length > SPANS_MAX) this.#spans.shift();
  }

  /** What ran at a frame of this run, as far as it was seen. */
  at(frame: number): GridSpan | undefined {
    return this.#spans.findLast((span) => span.fromFrame <= frame);
  }

  get oldest(): GridSpan | undefined {
    return this.#spans[0];
  }
}

/** A take lies on the bars it was played to. */
export const spanOfTake = (take: Take, meterUnit: number): GridSpan => {
  const beats = Math.max(1, Math.round(take.lengthBeats / Math.max(1, take.bars)));
  return {
    fromFrame: take.fromFrame,
    lineFrame: take.fromFrame - take.offsetFrames,
    barFrames: beats * take.framesPerBeat,
    bpm: take.bpm,
    meter: { beats, unit: meterUnit },
  };
};

/** The bar line at or before a frame. */
export const lineBefore = ({ barFrames, lineFrame }: GridSpan, frame: number): number =>
  Math.round(lineFrame + Math.floor((frame - lineFrame) / barFrames) * barFrames);

/** The bar line at or after a frame. */
export const lineAfter = ({ barFrames, lineFrame }: GridSpan, frame: number): number =>
  Math.round(lineFrame + Math.ceil((frame - lineFrame) / barFrames) * barFrames);
