/** Tempo from taps: the line that lies nearest to the last of them, and which beat each is. */
import { LIMITS } from '../../../protocol/limits.ts';

const TAPS_MAX = 8;
/** The slowest beat there is, and a tenth for the hand. */
const BEAT_MS_MAX = (1.1 * 60_000) / LIMITS.bpmMin;
/** A tap so much earlier or later than the beat begins a new series. */
const TOLERANCE = 2;

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

/** The step of the history that the taps of a series make together. */
export interface TapStep {
  readonly riffId: string;
  /** Tempo before the first of them. */
  readonly fromBpm: number;
}

export class TapSeries {
  #taps: number[] = [];
  #count = 0;
  /** Null until a tap of this series has made one. */
  step: TapStep | null = null;

  /** Beats from the first tap of the series to the newest. */
  get beatsIn(): number {
    return Math.max(0, this.#count - 1);
  }

  /** Adds a tap, in ms; null until there are two, else bpm with two decimals, within its bounds. */
  add(atMs: number): number | null {
    if (!this.#goesOn(atMs)) {
      this.#taps = [];
      this.#count = 0;
      this.step = null;
    }
    this.#taps = [...this.#taps, atMs].slice(-TAPS_MAX);
    this.#count += 1;
    if (this.#taps.length < 2) return null;
    const bpm = Math.round((100 * 60_000) / slopeOf(this.#taps)) / 100;
    return Math.min(LIMITS.bpmMax, Math.max(LIMITS.bpmMin, bpm));
  }

  /** No tap that comes from now on belongs to it. */
  isOver(nowMs: number): boolean {
    return this.#since(nowMs) > this.#gaps().max;
  }

  #goesOn(atMs: number): boolean {
    const since = this.#since(atMs);
    const { min, max } = this.#gaps();
    return since > min && since <= max;
  }

  #since(atMs: number): number {
    return atMs - (this.#taps.at(-1) ?? Number.NEGATIVE_INFINITY);
  }

  /** Ms from the newest tap to the next one. */
  #gaps(): { min: number; max: number } {
    if (this.#taps.length < 2) return { min: 0, max: BEAT_MS_MAX };
    const beat = slopeOf(this.#taps);
    return { min: beat / TOLERANCE, max: beat * TOLERANCE };
  }
}
