/** Runs the trials of one row, as many as are missing, and says what came of it. */
import type { RigSession, Trial, TrialResult } from './rig.ts';
import type { Result, ResultFile } from './result-file.ts';
import type { Row } from './row.ts';

export interface RunOptions {
  readonly trials: number;
  /** Asked before each trial. */
  mayGoOn(): boolean;
  say(line: string): void;
}

const FAULTS_SHOWN = 5;

/** A control has done its work with the first fault of its kinds that was found. */
const isDone = ({ kind }: Row, { losses, trials }: Result, wanted: number): boolean =>
  trials.length >= wanted || (kind === 'control' && losses > 0);

/**
 * A judge that was shown nothing has found nothing. Each trial must judge takes where a rig counts them as
 * `judged`; where chance may leave a trial none they are `acks`, and it is the whole row that must have some.
 */
const nothingJudged = (kind: Row['kind'], count: number | undefined): string[] =>
  kind === 'promise' && count === 0 ? ['no take was called saved: nothing was judged'] : [];

/**
 * What the rig itself could not do counts against the row: nothing may pass by not being tried. A control
 * passes by faults of its kinds alone; what could not be tried ends its row.
 */
const tryOnce = async ({ id, kind }: Row, session: RigSession, seed: number): Promise<Trial> => {
  const start = performance.now();
  const { untried, ...done }: TrialResult = await session.trial(seed).catch((error: unknown) => {
    const why = `the trial broke off: ${String(error)}`;
    if (kind === 'control') throw new Error(`${id}: ${why}`, { cause: error });
    return { faults: [why], counts: {} };
  });
  if (untried !== undefined && kind === 'control') throw new Error(`${id}: ${untried}`);
  const faults = [
    ...done.faults,
    ...(untried === undefined ? [] : [untried]),
    ...nothingJudged(kind, done.counts['judged']),
  ];
  return { seed, ms: Math.round(performance.now() - start), ...done, faults };
};

export const runRow = async (row: Row, file: ResultFile, options: RunOptions): Promise<Result> => {
  const why = row.rig === null ? 'there is no rig for it yet' : row.rig.missing();
  if (row.rig === null || why !== null) {
    file.skip(why ?? '');
    return file.result;
  }
  if (file.startsAnew !== null) options.say(`${row.id}: ${file.startsAnew}`);
  if (isDone(row, file.result, options.trials)) return file.result;
  const session = await row.rig.open();
  try {
    while (!isDone(row, file.result, options.trials) && options.mayGoOn()) {
      const { seed, trials } = file.result;
      const trial = await tryOnce(row, session, seed + trials.length);
      file.add(trial);
      options.say(
        `${row.id} #${trials.length + 1}: ${trial.ms} ms ${JSON.stringify(trial.counts)}`,
      );
      for (const fault of trial.faults.slice(0, FAULTS_SHOWN)) options.say(`  ${fault}`);
    }
  } finally {
    const closed = await session.close();
    const end = 'counts' in closed ? closed : { faults: closed, counts: {} };
    file.addEnd(end);
    const { counts, trials } = file.result;
    const isWhole = trials.length >= options.trials;
    const unjudged = isWhole ? nothingJudged(row.kind, counts['acks']) : [];
    file.addEnd({ faults: unjudged, counts: {} });
    const faults = [...end.faults, ...unjudged];
    for (const fault of faults.slice(0, FAULTS_SHOWN)) options.say(`  at the end: ${fault}`);
  }
  return file.result;
};

/** `kept`, `broken`, or `skipped`; a control is kept when the judge found what was planted. */
export const outcome = ({
  kind,
  losses,
  skipped,
  trials,
}: Result): 'kept' | 'broken' | 'skipped' => {
  if (skipped !== null || trials.length === 0) return 'skipped';
  return (kind === 'control') === losses > 0 ? 'kept' : 'broken';
};
