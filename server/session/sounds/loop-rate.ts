/** A take's loop as it lies in the core's memory, where all have the engine's sample rate. */
import type { Take } from '../takes/takes.ts';

export interface EngineLoop {
  readonly frames: number;
  readonly framesPerBeat: number;
  /** Frames of the engine for frames of the take: the loop's whole length becomes whole frames. */
  scaled(own: number): number;
}

/** The core computes the same from the take's rate. */
export const engineLoop = (take: Take, rateHz: number): EngineLoop => {
  const own = take.toFrame - take.fromFrame;
  const frames = Math.max(1, Math.round((own * rateHz) / take.rateHz));
  const scaled = (each: number) => (take.rateHz === rateHz ? each : (each * frames) / own);
  return { frames, framesPerBeat: scaled(take.framesPerBeat), scaled };
};

/** Tempos that differ by no more than the whole frames of a grid, of whatever rate. */
const SAME_TEMPO = 1.2e-4;

/** Nobody hears such a difference in pitch, but everybody hears a stretcher. */
export const isSameTempo = (framesPerBeat: number, other: number): boolean =>
  Math.abs(framesPerBeat / other - 1) < SAME_TEMPO;
