/**
 * The bench: every figure beside its floor, judged by its stored limit.
 *
 *   bun run bench [--json] [--only counts,paced,…] [--long]
 *
 * `--long`: ten minutes on the JACK server and on the engine's own clock instead of ten seconds. Exit
 * code 1 when a limit is missed. Linux on x86-64 only.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missing } from './build.ts';
import { MEASURES, prepare } from './figures.ts';
import type { Plan } from './plan.ts';
import { judge, type Row, table } from './table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const wanted = values.only?.split(',') ?? Object.keys(MEASURES);
const unknown = wanted.filter((name) => !MEASURES[name]);
const why = unknown.length > 0 ? `no such figures: ${unknown.join(', ')}` : missing();
if (why !== '') {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'flowzone-bench-'));
const plan: Plan = {
  folder,
  pacedSeconds: 10,
  stallSeconds: 30,
  liveSeconds: values.long ? 600 : 10,
};
const rows: Row[] = [];
try {
  prepare(plan);
  for (const name of wanted) {
    process.stderr.write(`bench: ${name} …\n`);
    const figures = (await MEASURES[name]?.(plan)) ?? [];
    rows.push(...figures.map(judge));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows));
process.exitCode = rows.every((row) => row.isKept) ? 0 : 1;
