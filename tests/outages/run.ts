/**
 * The outage rigs: kills, hangs and freezes FlowZone's own processes while a loop plays. Linux.
 *
 *   bun run test:outages [--row 'gateway loop']… [--trials N] [--seed N] [--fresh] [--results DIR]
 *
 * Each row goes on where its JSON file ends. `--row gateway` means all of the gateway. Exit code 1 when a
 * promise was broken, or a control was not found.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Result, ResultFile } from '../faults/result-file.ts';
import { outcome, runRow } from '../faults/run-row.ts';
import { ROWS } from './rows.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    row: { type: 'string', multiple: true, default: [] },
    trials: { type: 'string' },
    seed: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    results: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});

const isAsked = (id: string): boolean =>
  values.row.length === 0 || values.row.some((name) => id === name || id.split(' ')[0] === name);
const rows = ROWS.filter(({ full, id }) => full > 0 && isAsked(id));
if (rows.length === 0) {
  process.stderr.write(`no such row; there are: ${ROWS.map(({ id }) => id).join(', ')}\n`);
  process.exit(2);
}

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
const results: Result[] = [];
let broken = 0;
for (const row of rows) {
  const file = new ResultFile(values.results, row, { seed, isFresh: values.fresh });
  const trials = Number(values.trials ?? row.full);
  const result = await runRow(row, file, { trials, mayGoOn: () => !isStopped, say }).catch(
    (error: unknown) => {
      say(String(error));
      broken += 1;
      return null;
    },
  );
  if (result === null) continue;
  results.push(result);
  if (outcome(result) === 'broken') broken += 1;
}
say(`\n${tableOf(results)}`);
process.exit(broken > 0 ? 1 : 0);
