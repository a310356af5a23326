/** What every part of the fault rigs is given and gives. */

export interface PartOptions {
  readonly seed: number;
  /** Rows whose title holds one of these; empty = all. */
  readonly only: readonly string[];
  /** Null = as many as a full run has. */
  readonly count: number | null;
  readonly minutes: number | null;
  say(line: string): void;
  /** What there is so far is kept, so that a run that is ended has a report. */
  keep(running: PartResult): void;
}

export interface PartResult {
  readonly part: string;
  /** When it began and ended. */
  readonly start: string;
  readonly end: string;
  readonly counts: Readonly<Record<string, number | string>>;
  /** Each is a sentence; none = everything is as it should be. */
  readonly faults: readonly string[];
  readonly rows: readonly unknown[];
}

export type Part = (options: PartOptions) => Promise<PartResult>;

/** Tells what a part has found so far, each time it is asked. */
export const reporter = (
  part: string,
  found: () => Pick<PartResult, 'counts' | 'faults' | 'rows'>,
): (() => PartResult) => {
  const start = new Date().toISOString();
  return () => ({ part, start, end: new Date().toISOString(), ...found() });
};
