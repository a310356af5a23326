/** What a rig is, and what one trial of it tells. */

export type Counts = Readonly<Record<string, number>>;

export interface Trial {
  readonly seed: number;
  readonly ms: number;
  /** Broken promises, one sentence each; empty = kept. */
  readonly faults: readonly string[];
  /** Added up over the trials, except those whose name ends in `Max` or `Min`. */
  readonly counts: Counts;
  /** What the page says plainly beside the promise: what was shown, and what could not be. */
  readonly remarks?: readonly string[];
}

export interface TrialResult extends Omit<Trial, 'seed' | 'ms'> {
  /** Why what was to be tried was not; absent = it was. */
  readonly untried?: string;
}

/** A row that is being run: what its trials share, such as a disk. */
export interface RigSession {
  trial(seed: number): Promise<TrialResult>;
  /** Looks at what the last trial left, and gives everything back; broken promises, and perhaps counts, as in a trial. */
  close(): Promise<readonly string[] | Omit<TrialResult, 'untried'>>;
}

export interface Rig {
  /** What this machine lacks; null = nothing. */
  missing(): string | null;
  open(): Promise<RigSession>;
}

export const addCounts = (all: readonly Counts[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, value] of Object.entries(counts)) {
      const before = sum[name];
      if (before === undefined) sum[name] = value;
      else if (name.endsWith('Max')) sum[name] = Math.max(before, value);
      else if (name.endsWith('Min')) sum[name] = Math.min(before, value);
      else sum[name] = before + value;
    }
  }
  return sum;
};
