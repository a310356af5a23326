/**
 * The fault rigs of plug-ins: the running product with plug-ins that misbehave, and a judge of what was heard.
 *
 *   bun run test:plugins --faults [--part table|random|real|signals|mates|soak]… [--only TEXT]… [--count 500]
 *                                [--minutes 60] [--seed N] [--out FILE.json]
 *
 * All but the soak when no part is named. Linux. Exit code 1 when anything is not as the tables say.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { canCompile } from '../bundle.ts';
import { buildNow } from '../../faults/build.ts';
import { machine } from '../../faults/result-file.ts';
import type { PartResult } from './part.ts';
import { PARTS } from './parts.ts';

const { values } = parseArgs({
  args: Bun.argv.slice(2).filter((word) => word !== '--faults'),
  options: {
    part: {
      type: 'string',
      multiple: true,
      default: ['table', 'random', 'real', 'signals', 'mates'],
    },
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    count: { type: 'string' },
    minutes: { type: 'string' },
    out: { type: 'string', default: join('.build', 'plugins', 'faults.json') },
  },
});

if (!canCompile()) {
  process.stdout.write(
    'skipped: Linux and a C compiler are needed\n0 passed, 0 failed, 1 skipped\n',
  );
  process.exit(0);
}

const unknown = values.part.filter((name) => !PARTS[name]);
if (unknown.length > 0) {
  process.stderr.write(
    `no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`,
  );
  process.exit(2);
}

const build = buildNow();
const start = new Date().toISOString();
const seed = Number(values.seed ?? start.slice(0, 10).replaceAll('-', ''));
const results: PartResult[] = [];
const write = (running: PartResult | null): void => {
  mkdirSync(dirname(values.out), { recursive: true });
  const parts = running ? [...results, running] : results;
  const end = new Date().toISOString();
  const report = { seed, start, end, machine: machine(), build, parts };
  writeFileSync(values.out, `${JSON.stringify(report, null, 1)}\n`);
};

process.stdout.write(`seed ${seed}, ${machine()}\n`);
for (const name of values.part) {
  process.stdout.write(`\n── ${name} ──\n`);
  const result = await PARTS[name]?.({
    seed,
    only: values.only,
    count: values.count === undefined ? null : Number(values.count),
    minutes: values.minutes === undefined ? null : Number(values.minutes),
    say: (line) => process.stdout.write(`${line}\n`),
    keep: write,
  });
  if (!result) continue;
  results.push(result);
  write(null);
  for (const fault of result.faults) process.stdout.write(`differs: ${fault}\n`);
}
const passed = results.reduce((sum, { rows }) => sum + rows.length, 0);
const failed = results.reduce((sum, { faults }) => sum + faults.length, 0);
process.stdout.write(`\nall of it is in ${values.out}\n`);
process.stdout.write(`${Math.max(0, passed - failed)} passed, ${failed} failed, 0 skipped\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
