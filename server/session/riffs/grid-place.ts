/**
 * Where a loop lies: in session beats as riffs keep it, in running beats as the core plays it.
 *
 * Running beat = session beat + grid shift. ALIGN_GRID moves the beats by a part of one under loops
 * that stay: the shift then has a fraction, which loops carry as frames. A riff's own beats begin
 * `barFrac` session beats late, so that its bars are whole beats for ever.
 */
import { barZero, type Riff, type RiffLoop } from './riff.ts';

/** A beat has at most some hundred thousand frames: nearer than this nothing is a fraction. */
const NOTHING = 1e-9;

const snapped = (beats: number): number => {
  const whole = Math.round(beats);
  return Math.abs(beats - whole) < NOTHING ? whole : beats;
};

/** Frames of a beat at this tempo: an even number, so that half beats are whole frames. */
export const framesPerBeatOf = (bpm: number, rateHz: number): number =>
  2 * Math.round((30 * rateHz) / bpm);

/** The shift at which the riff's first bar begins at this beat of the running grid. */
export const shiftTo = (riff: Riff, beat: number): number =>
  beat - barZero(riff) - (riff.barFrac ?? 0);

/** What a riff made at this shift has to remember; 0 unless the grid was aligned. */
export const barFracOf = (gridShift: number): number => {
  const shift = snapped(gridShift);
  return Math.ceil(shift) - shift;
};

/** Running beat = a loop's beat in this riff + this. */
export const shiftOf = (riff: Pick<Riff, 'barFrac'>, gridShift: number): number =>
  snapped(gridShift + (riff.barFrac ?? 0));

/** Moves a loop by so many beats of its own; the part of a beat goes into its frames. */
export const movedBy = (loop: RiffLoop, beats: number, framesPerBeat: number): RiffLoop => {
  const whole = Math.floor(snapped(beats));
  const frames = Math.round((snapped(beats) - whole) * framesPerBeat);
  return {
    ...loop,
    originBeat: loop.originBeat + whole,
    offsetFrames: loop.offsetFrames + frames,
  };
};

/** Whether both sound the same at every moment. */
export const isSamePlace = (a: RiffLoop, b: RiffLoop, framesPerBeat: number): boolean => {
  if (a.lengthBeats !== b.lengthBeats) return false;
  const apart = (a.originBeat - b.originBeat) * framesPerBeat + a.offsetFrames - b.offsetFrames;
  const loop = a.lengthBeats * framesPerBeat;
  const rest = ((apart % loop) + loop) % loop;
  return Math.min(rest, loop - rest) < 0.5;
};
