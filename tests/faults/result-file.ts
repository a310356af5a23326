/** The JSON of one row: written after each trial, and gone on with by the next run. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, type Trial } from './rig.ts';
import type { Row } from './row.ts';

export interface Result {
  readonly row: string;
  readonly fault: string;
  readonly promise: string;
  readonly kind: Row['kind'];
  readonly seed: number;
  /** When the first trial began and the last one ended. */
  readonly start: string;
  readonly end: string;
  readonly machine: string;
  /** Trials that a full run has. */
  readonly planned: number;
  /** Why it was not tried; null = it was. */
  readonly skipped: string | null;
  readonly losses: number;
  readonly counts: Counts;
  readonly trials: readonly Trial[];
}

const GIGABYTE = 1_073_741_824;

export const machine = (): string => {
  const model = cpus()[0]?.model.trim() ?? arch();
  const kernel = /^[\d.]+/.exec(release())?.[0] ?? release();
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / GIGABYTE)} GB, ${type()} ${kernel}`;
};

/** `16 file` → `row-16-file.json`. */
export const pathOf = (folder: string, { id }: Pick<Row, 'id'>): string =>
  join(
    folder,
    `row-${id.replace(/^\d+/, (digits) => digits.padStart(2, '0')).replace(' ', '-')}.json`,
  );

/** One trial a line: a long run stays readable, and grows line by line. */
const textOf = (result: Result): string => {
  const { trials, ...head } = result;
  const lines = trials.map((trial) => `    ${JSON.stringify(trial)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "trials": ${list}\n}\n`;
};

const summed = (trials: readonly Trial[]): Pick<Result, 'counts' | 'losses' | 'trials'> => ({
  losses: trials.filter(({ faults }) => faults.length > 0).length,
  counts: addCounts(trials.map(({ counts }) => counts)),
  trials,
});

export class ResultFile {
  readonly #path: string;
  #result: Result;

  /** Goes on with what is there, unless it is of another seed or `isFresh`. */
  constructor(folder: string, row: Row, about: { seed: number | null; isFresh: boolean }) {
    mkdirSync(folder, { recursive: true });
    this.#path = pathOf(folder, row);
    const old = about.isFresh ? null : readResult(this.#path);
    const isSame = old !== null && (about.seed === null || about.seed === old.seed);
    const now = new Date().toISOString();
    const { fault, full, id, kind, promise } = row;
    const trials = isSame ? old.trials : [];
    this.#result = {
      row: id,
      fault,
      promise,
      kind,
      seed: isSame ? old.seed : (about.seed ?? Number(now.slice(0, 10).replaceAll('-', ''))),
      start: isSame && trials.length > 0 ? old.start : now,
      end: now,
      machine: machine(),
      planned: full,
      skipped: null,
      ...summed(trials),
    };
  }

  get result(): Result {
    return this.#result;
  }

  add(trial: Trial): void {
    this.#write({ trials: [...this.#result.trials, trial], skipped: null });
  }

  /** Found when the rig looked at what the last trial had left. */
  blame(faults: readonly string[]): void {
    const { trials } = this.#result;
    const last = trials.at(-1);
    if (!last || faults.length === 0) return;
    const blamed = { ...last, faults: [...last.faults, ...faults] };
    this.#write({ trials: [...trials.slice(0, -1), blamed] });
  }

  /** What was proved before on another machine stays. */
  skip(why: string): void {
    if (this.#result.trials.length === 0) this.#write({ skipped: why });
  }

  #write(change: Partial<Result>): void {
    const trials = change.trials ?? this.#result.trials;
    this.#result = {
      ...this.#result,
      ...change,
      end: new Date().toISOString(),
      ...summed(trials),
    };
    writeFileSync(`${this.#path}.tmp`, textOf(this.#result));
    renameSync(`${this.#path}.tmp`, this.#path);
  }
}

export const readResult = (path: string): Result | null =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : null;
