/** Tempo from taps: the line that lies nearest to the last of them. */
import { LIMITS } from '../../protocol/limits.ts';

const TAPS_MAX = 8;
/** After so long, or a tap that lies before the last, a new series begins. */
const PAUSE_MS = 2000;

/** Least squares of time over number: ms a beat. */
const slopeOf = (taps: readonly number[]): number => {
  const middle = (taps.length - 1) / 2;
  const mean = taps.reduce((sum, tap) => sum + tap, 0) / taps.length;
  let [both, power] = [0, 0];
  for (const [index, tap] of taps.entries()) {
    both += (index - middle) * (tap - mean);
    power += (index - middle) ** 2;
  }
  return both / power;
};

export class TapSeries {
  #taps: number[] = [];

  /** Adds a tap, in ms; null until there are two, else bpm with two decimals, within its bounds. */
  add(atMs: number): number | null {
    const last = this.#taps.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (atMs <= last || atMs - last > PAUSE_MS) this.#taps = [];
    this.#taps = [...this.#taps, atMs].slice(-TAPS_MAX);
    if (this.#taps.length < 2) return null;
    const bpm = Math.round((100 * 60_000) / slopeOf(this.#taps)) / 100;
    return Math.min(LIMITS.bpmMax, Math.max(LIMITS.bpmMin, bpm));
  }
}
