/**
 * Makes RELIABILITY.md from the JSON of the fault rigs.
 *
 *   bun tests/faults/reliability.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathOf, readResult, type Result } from './result-file.ts';
import { buildName } from './build.ts';
import type { Asked, Row } from './row.ts';
import { ROWS } from './rows.ts';
import { ROWS as OUTAGES } from '../outages/rows.ts';
import { syncRows } from '../sync/rows.ts';
import { outcome } from './run-row.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'RELIABILITY.md');

const HEAD = `# Reliability

What FlowZone promises when something breaks, how often that was tried, and what was lost. The page is
made from \`tests/faults/results/*.json\` by \`bun run test:faults\`, from \`tests/outages/results/*.json\` by
\`bun run test:outages\` and from \`tests/sync/results/*.json\` by \`bun run test:sync\`; nobody writes in it. *Of the size* is what was done of the size that the design asks
for, where it names one. *Commit* is FlowZone as it was tried: a row never mixes two, nor two versions of its rig.

Where loops are captured, every sample of what is played is a counter of its frame and channel, so that each
place in a file proves itself. The judge (\`tests/faults/judge/\`) reads only files and shares no code with the
product. Not so rows 22 and 23 with their controls: they are model tests, which by design run the
product's own code in their process. That of 22 (\`tests/server/store/removal-world.ts\`) works on real files
and keeps its own list of what the player would miss; that of 23 (\`DiskSimulation.swift\`) has a disk and a clock
of its own. In 31 the engine is stepped in the rig's process, and its files are judged as in the others; 17 migration,
backup and removal and 31 riffs run the store alone, in a process that can be killed. 26 and 28 judge what
FlowZone says and does of itself: no sound is at stake there.

*Saved* means what the page calls saved: the disk was asked to keep it, and said so. *Judged* and *acks* are takes that
were called saved and were then compared with what was played (in 18 all that were captured, in 32 those whose time
was taken; in 23 what the core reports as \`takeSpooled\`, the sound alone: rows and page are not simulated); a trial that counts *judged* and has none is broken, and so is a row that has no *acks*.
`;

const numbers = new Intl.NumberFormat('en');

/** \`uncommittedLossMsMax\` → \`uncommitted loss ms max\`. */
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (big) => ` ${big.toLowerCase()}`);

/** Beside its greatest value a sum tells the mean. */
const figures = ({ counts, trials }: Result): string =>
  Object.entries(counts)
    .map(([name, value]) =>
      `${name}Max` in counts
        ? `${words(name)} mean ${numbers.format(Math.round(value / trials.length))}`
        : `${words(name)} ${numbers.format(value)}`,
    )
    .join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const times = (count: number): string => `${count} ${count === 1 ? 'trial' : 'trials'}`;

const scale = ({ planned, trials }: Result): string =>
  trials.length < planned ? `${trials.length} of ${planned}` : `${trials.length}`;

const done = ({ counts, trials }: Result, { of, perTrial }: Asked): number => {
  if (perTrial !== undefined) return perTrial * trials.length;
  return of === 'trials' ? trials.length : (counts[of] ?? 0);
};

/** `200 of 500 trials`, or `all of 20 trials`. */
const ofSize = (result: Result): string =>
  (ASKED.get(result.row) ?? [])
    .map((each) => {
      const part = Math.floor(done(result, each));
      const size = `${numbers.format(each.size)} ${words(each.of)}`;
      return `${part >= each.size ? 'all' : numbers.format(part)} of ${size}`;
    })
    .join(', ');

/** With what its trials showed besides, and could not show. */
const promiseOf = ({ promise, trials }: Result): string => {
  const remarks = [...new Set(trials.flatMap((trial) => trial.remarks ?? []))];
  return [promise, ...remarks.map((each) => `**${each}**`)].join('. ');
};

const promises = (results: readonly Result[]): string =>
  table(
    ['#', 'Fault', 'Promise', 'Trials', 'Of the size', 'Broken in', 'Counted', 'Day', 'Commit'],
    results.map((each) => [
      each.row,
      each.fault,
      promiseOf(each),
      scale(each),
      ofSize(each),
      String(each.losses),
      figures(each),
      each.end.slice(0, 10),
      buildName(each.build),
    ]),
  );

const controls = (results: readonly Result[]): string =>
  table(
    ['#', 'Broken on purpose', 'Found by', 'Found after', 'At most', 'Day', 'Commit'],
    results.map((each) => [
      each.row,
      each.fault,
      (each.finds ?? []).join(', or '),
      each.losses > 0 ? times(each.trials.length) : `not found in ${each.trials.length}`,
      times(each.planned),
      each.end.slice(0, 10),
      buildName(each.build),
    ]),
  );

/** Also rows that have left nothing at all: what is not told of was not kept. */
const skipped = (results: readonly Result[]): string => {
  const known = new Map(results.map((each) => [each.row, each]));
  const untried = TOLD_ROWS.flatMap(({ fault, id, promise }) => {
    const result = known.get(id);
    if (result && outcome(result) !== 'skipped') return [];
    const why = result ? (result.skipped ?? 'not begun') : 'not run yet';
    return [[id, fault, promise, why]];
  });
  return table(['#', 'Fault', 'Promise', 'Why it was not tried'], untried);
};

/** Rows of one kind of rig, and where their results lie. */
interface Tried {
  readonly rows: readonly Row[];
  readonly folder: string;
}

const FAULTS: Tried = { rows: ROWS, folder: join(import.meta.dirname, 'results') };
/** Short forms of others leave no result. */
const PROCESSES: Tried = {
  rows: OUTAGES.filter(({ full }) => full > 0),
  folder: join(ROOT, 'tests/outages/results'),
};
const CLIENTS: Tried = { rows: syncRows(), folder: join(ROOT, 'tests/sync/results') };
const ALL = [FAULTS, PROCESSES, CLIENTS];
/** All that the page tells of. */
export const TOLD_ROWS = ALL.flatMap(({ rows }) => rows);
const ASKED = new Map(TOLD_ROWS.map(({ asked, id }) => [id, asked]));

const readAll = (): Result[] =>
  ALL.flatMap(({ folder, rows }) => rows.flatMap((row) => readResult(pathOf(folder, row)) ?? []));

/** Results of rows that are no more. */
export const orphans = (): string[] =>
  ALL.flatMap(({ folder, rows }) => {
    const known = new Set(rows.map((row) => basename(pathOf(folder, row))));
    return [...new Bun.Glob('*.json').scanSync(folder)].filter((name) => !known.has(name));
  });

export const reliabilityPage = (results: readonly Result[] = readAll()): string => {
  const tried = results.filter((each) => outcome(each) !== 'skipped');
  const machines = [...new Set(tried.map((each) => each.machine))];
  const keptOf = ({ rows }: Tried) => {
    const ids = new Set(rows.map(({ id }) => id));
    return promises(tried.filter(({ kind, row }) => kind === 'promise' && ids.has(row)));
  };
  return [
    HEAD,
    '## Promises\n',
    keptOf(FAULTS),
    '\n## Processes\n',
    'The other half of row 18: gateway, engine and launcher are killed, hang or stand still while a loop plays.',
    'Times are those of this machine; *control* is the same while with nothing gone wrong.\n',
    keptOf(PROCESSES),
    '\n## Clients\n',
    'What clients are promised, behind lines of every kind; times are those of this machine, with a ratio to a',
    'floor of the same run where there is one.\n',
    keptOf(CLIENTS),
    '\n## Controls\n',
    'A judge that finds nothing proves nothing. Here FlowZone is broken on purpose, and the judge has to find',
    'it, by a fault of the kind that is named; others do not count.\n',
    controls(tried.filter(({ kind }) => kind === 'control')),
    '\n## Not tried\n',
    skipped(results),
    `\nMachine: ${machines.join('; ')}.\n`,
  ].join('\n');
};

export const isReliabilityFresh = (): boolean => readFileSync(PAGE, 'utf8') === reliabilityPage();

export const writeReliability = (): void => writeFileSync(PAGE, reliabilityPage());

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeReliability();
  else if (!isReliabilityFresh()) {
    process.stderr.write(
      'RELIABILITY.md is not what the results say: bun tests/faults/reliability.ts\n',
    );
    process.exit(1);
  }
}
