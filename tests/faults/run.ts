/**
 * The fault rigs: breaks disks, kills processes and cuts the power while FlowZone plays, and lets a
 * judge that reads only files say what was lost. Linux, as root.
 *
 *   bun run test:faults [--row 15]… [--short] [--trials N] [--minutes 90] [--seed N] [--fresh]
 *                       [--results DIR] | --help
 *
 * Each row goes on where its JSON file ends; RELIABILITY.md is made from those files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeReliability } from './reliability.ts';
import { ResultFile } from './result-file.ts';
import { ROWS, rowsNamed } from './rows.ts';
import { outcome, runRow } from './run-row.ts';
import { usageText } from './usage.ts';

const OPTIONS = {
  row: { type: 'string', multiple: true, default: [] as string[] },
  short: { type: 'boolean', default: false },
  trials: { type: 'string' },
  minutes: { type: 'string', default: '90' },
  seed: { type: 'string' },
  fresh: { type: 'boolean', default: false },
  results: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const refuse = (why: string): never => {
  process.stderr.write(`${why}\n`);
  return process.exit(2);
};

const parsed = () => {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return refuse(`${(error as Error).message}\n--help tells what there is`);
  }
};

const values = parsed();
if (values.help) {
  process.stdout.write(usageText(ROWS));
  process.exit(0);
}
for (const name of ['trials', 'minutes', 'seed'] as const) {
  const text = values[name];
  if (text !== undefined && !/^\d+(?:\.\d+)?$/.test(text))
    refuse(`--${name} is a number, not ${text}`);
}

const rows = values.row.length === 0 ? [...ROWS] : values.row.flatMap(rowsNamed);
if (rows.length === 0) refuse(`no such row; there are: ${ROWS.map(({ id }) => id).join(', ')}`);

// A short run proves too little to be kept.
const aside =
  values.short && !values.results ? mkdtempSync(join(tmpdir(), 'flowzone-faults-')) : null;
const kept = join(import.meta.dirname, 'results');
const folder = values.results ?? aside ?? kept;
const deadline = performance.now() + Number(values.minutes) * 60_000;
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopped) process.exit(130);
    isStopped = true;
    process.stderr.write('ends after this trial; once more: at once\n');
  });
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const seed = values.seed === undefined ? null : Number(values.seed);
let broken = 0;
for (const row of rows) {
  const file = new ResultFile(folder, row, { seed, isFresh: values.fresh });
  const trials = Number(values.trials ?? (values.short ? row.short : row.full));
  const mayGoOn = () => !isStopped && performance.now() < deadline;
  const result = await runRow(row, file, { trials, mayGoOn, say }).catch((error: unknown) => {
    say(String(error));
    broken += 1;
    return null;
  });
  if (result === null) continue;
  const how = outcome(result);
  if (how === 'broken') broken += 1;
  const { losses, skipped } = result;
  say(
    how === 'skipped'
      ? `${row.id}: skipped, ${skipped ?? 'not begun'}`
      : `${row.id}: ${how}, ${result.trials.length} trials, ${losses} with losses`,
  );
}
if (aside) rmSync(aside, { recursive: true });
if (folder === kept) writeReliability();
process.exit(broken > 0 ? 1 : 0);
