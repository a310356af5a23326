/** What the engine under random faults is told to do, and what it tells of it. */

export interface Plan {
  readonly bundle: string;
  /** Class of the fixture → the words of its id. */
  readonly classes: Readonly<Record<string, readonly number[]>>;
  readonly faults: number;
  readonly seed: number;
  readonly inputPath: string;
  readonly outputPath: string;
  readonly statePath: string;
}

export interface Move {
  readonly frame: number;
  readonly plugin: number;
  readonly gain: number;
}

export interface Told {
  /** By what was done. */
  readonly faults: Readonly<Record<string, number>>;
  readonly onInput: number;
  readonly moves: readonly Move[];
  /** Which plug-in the input goes through since which frame; none yet = −1. */
  readonly seats: readonly { readonly frame: number; readonly plugin: number }[];
  /** At the end each plug-in is on the input for a moment, heard: frames and the gain it must have. */
  readonly checks: readonly { fromFrame: number; toFrame: number; plugin: number; gain: number }[];
  /** Those that did not come back in the end. */
  readonly missing: readonly string[];
  readonly lives: number;
  readonly givenUp: number;
  readonly wet: number;
  readonly dry: number;
  readonly endFrame: number;
  readonly firstFrame: number;
  readonly xruns: number;
  readonly hostsAtEnd: number;
  readonly orphans: number;
}

/** Powers of two and their sums: exact whatever they are multiplied with. */
export const GAINS = [0.25, 0.375, 0.625, 0.75, 0.875] as const;
