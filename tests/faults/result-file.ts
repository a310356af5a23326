/** The JSON of one row: written after each trial, and gone on with by the next run. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { type Build, buildName, buildNow } from './build.ts';
import { type FaultKind, isOfKind } from './judge/kinds.ts';
import { addCounts, type Counts, type Trial } from './rig.ts';
import type { Row } from './row.ts';

export interface Result {
  readonly row: string;
  readonly fault: string;
  readonly promise: string;
  readonly kind: Row['kind'];
  /** Of a control: the kinds of fault that are its finding. */
  readonly finds?: readonly FaultKind[];
  readonly seed: number;
  /** When the first trial began and the last one ended. */
  readonly start: string;
  readonly end: string;
  readonly machine: string;
  /** Of all its trials the same sources; results of old have none. */
  readonly build?: Build;
  /** Trials that a full run has. */
  readonly planned: number;
  /** Why it was not tried; null = it was. */
  readonly skipped: string | null;
  /** Trials with a fault; of a control, with one of the kinds it has to be found by. */
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

const summed = (
  trials: readonly Trial[],
  finds: readonly FaultKind[] | undefined,
): Pick<Result, 'counts' | 'losses' | 'trials'> => ({
  losses: trials.filter(({ faults }) =>
    faults.some((fault) => finds === undefined || isOfKind(fault, finds)),
  ).length,
  counts: addCounts(trials.map(({ counts }) => counts)),
  trials,
});

const whyAnew = ({ build, trials }: Result, { sources }: Build): string | null =>
  trials.length === 0 || build?.sources === sources
    ? null
    : `begins anew: ${trials.length} trials were of other sources (${buildName(build)})`;

export interface ResultOptions {
  readonly seed: number | null;
  readonly isFresh: boolean;
  /** What is tried; asked again after each trial. */
  readonly build?: () => Build;
}

export class ResultFile {
  readonly #path: string;
  readonly #build: () => Build;
  /** Trials of other sources stay where they are until the first of these has run. */
  readonly #old: Result | null;
  #result: Result;
  /** Why trials that are there do not count; null = they do, or there are none. */
  readonly startsAnew: string | null;

  /** Goes on with what is there, unless it is of another seed or of other sources, or `isFresh`. */
  constructor(folder: string, row: Row, about: ResultOptions) {
    mkdirSync(folder, { recursive: true });
    this.#path = pathOf(folder, row);
    this.#build = about.build ?? buildNow;
    this.#old = readResult(this.#path);
    const build = this.#build();
    const old = about.isFresh ? null : this.#old;
    this.startsAnew = old === null ? null : whyAnew(old, build);
    const isSeed = old !== null && (about.seed === null || about.seed === old.seed);
    const isSame = isSeed && this.startsAnew === null;
    const now = new Date().toISOString();
    const { fault, finds, full, id, kind, promise } = row;
    const trials = isSame ? old.trials : [];
    this.#result = {
      row: id,
      fault,
      promise,
      kind,
      ...(finds && { finds }),
      seed: isSame ? old.seed : (about.seed ?? Number(now.slice(0, 10).replaceAll('-', ''))),
      start: isSame && trials.length > 0 ? old.start : now,
      end: now,
      machine: machine(),
      build: isSame && old.build?.isDirty ? { ...build, isDirty: true } : build,
      planned: full,
      skipped: null,
      ...summed(trials, finds),
    };
  }

  get result(): Result {
    return this.#result;
  }

  /** Never mixes: a trial during which the sources changed is of neither. */
  add(trial: Trial): void {
    if (this.#build().sources !== this.#result.build?.sources) {
      throw new Error(`${this.#result.row}: the sources changed during a trial; it does not count`);
    }
    this.#write({ trials: [...this.#result.trials, trial], skipped: null });
  }

  /** Found when the rig looked at what the last trial had left. */
  addEnd({ counts, faults }: Pick<Trial, 'counts' | 'faults'>): void {
    const { trials } = this.#result;
    const last = trials.at(-1);
    if (!last) return;
    const whole = {
      ...last,
      faults: [...last.faults, ...faults],
      counts: addCounts([last.counts, counts]),
    };
    this.#write({ trials: [...trials.slice(0, -1), whole] });
  }

  /** What was proved before, on another machine or with other sources, stays. */
  skip(why: string): void {
    if (this.#result.trials.length > 0) return;
    if ((this.#old?.trials.length ?? 0) === 0) this.#write({ skipped: why });
    else this.#result = { ...this.#result, skipped: why };
  }

  #write(change: Partial<Result>): void {
    const trials = change.trials ?? this.#result.trials;
    this.#result = {
      ...this.#result,
      ...change,
      end: new Date().toISOString(),
      ...summed(trials, this.#result.finds),
    };
    writeFileSync(`${this.#path}.tmp`, textOf(this.#result));
    renameSync(`${this.#path}.tmp`, this.#path);
  }
}

export const readResult = (path: string): Result | null =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : null;
