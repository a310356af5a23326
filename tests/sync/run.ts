/**
 * The rigs of clients: bad lines, presses, frames, and a long time of coming and going.
 *
 *   bun run test:sync [--row c1]… [--short] [--minutes 10] [--seed N] [--fresh] [--results DIR]
 *
 * RELIABILITY.md is made from the JSON files. Linux.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeReliability } from '../faults/reliability.ts';
import { ResultFile } from '../faults/result-file.ts';
import { outcome, runRow } from '../faults/run-row.ts';
import { FULL, SHORT, syncRows } from './rows.ts';

const { values } = parseArgs({
  options: {
    row: { type: 'string', multiple: true, default: [] },
    short: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    results: { type: 'string' },
  },
});

const lengths = values.short ? SHORT : FULL;
const minutes =
  values.minutes === undefined
    ? {}
    : { crowdMinutes: Number(values.minutes), visitMinutes: Number(values.minutes) };
const all = syncRows({ ...lengths, ...minutes });
const isWanted = (id: string) =>
  values.row.some((name) => id === name || id.startsWith(`${name} `));
const rows = values.row.length === 0 ? all : all.filter(({ id }) => isWanted(id));
if (rows.length === 0) {
  process.stderr.write(`no such row; there are: ${all.map(({ id }) => id).join(', ')}\n`);
  process.exit(2);
}
// A short run proves too little to be kept.
const aside =
  values.short && !values.results ? mkdtempSync(join(tmpdir(), 'flowzone-sync-')) : null;
const kept = join(import.meta.dirname, 'results');
const folder = values.results ?? aside ?? kept;
const say = (line: string) => process.stdout.write(`${line}\n`);
const seed = values.seed === undefined ? null : Number(values.seed);
let broken = 0;
for (const row of rows) {
  const file = new ResultFile(folder, row, { seed, isFresh: values.fresh });
  say(`${row.id}: seed ${file.result.seed}`);
  const result = await runRow(row, file, {
    trials: values.short ? row.short : row.full,
    mayGoOn: () => true,
    say,
  });
  const how = outcome(result);
  if (how === 'broken') broken += 1;
  say(`${row.id}: ${how}, ${result.trials.length} trials, ${result.losses} with losses`);
}
if (aside) rmSync(aside, { recursive: true });
if (folder === kept) writeReliability();
process.exit(broken > 0 ? 1 : 0);
