/**
 * The sweep: every class of the real bundles is loaded, played, and its state restored, each in a child
 * of its own. Any difference from `expected.json` fails.
 *
 *   bun run test:plugins [--only TEXT] [--at-once 2] [--out FILE.json]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildNow } from '../../faults/build.ts';
import { BUNDLES, bundlePaths, whatIsMissing } from './bundles.ts';
import { checkClass, classesOf } from './check.ts';
import expected from './expected.json';
import { judgeList, judgeRows, nameOf } from './judge.ts';
import { inTurns } from './pool.ts';
import { countsOf, table } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '2' },
    out: { type: 'string', default: join('.build', 'plugins', 'sweep.json') },
  },
});

const missing = whatIsMissing();
if (missing !== '') {
  process.stdout.write(`skipped: missing is ${missing}\n0 passed, 0 failed, 1 skipped\n`);
  process.exit(0);
}

const atOnce = Number(values['at-once']);
const build = buildNow();
const start = performance.now();
const bundles = bundlePaths();
const all = (await inTurns(bundles, atOnce, classesOf)).flat();
const listed = (performance.now() - start) / 1000;
process.stdout.write(
  `${bundles.length} bundles, ${all.length} classes, in ${listed.toFixed(1)} s\n`,
);

const chosen = all.filter((target) => nameOf(target).includes(values.only));
let done = 0;
const rows = await inTurns(chosen, atOnce, async (target) => {
  const row = await checkClass(BUNDLES, target);
  done += 1;
  if (row.failure !== '' || done % 32 === 0) {
    process.stderr.write(`${done} of ${chosen.length}: ${nameOf(row)} ${row.failure}\n`);
  }
  return row;
});
const differences = [
  ...(values.only === '' ? judgeList(bundles, all, expected) : []),
  ...judgeRows(rows, expected),
];

const seconds = Math.round((performance.now() - start) / 1000);
mkdirSync(dirname(values.out), { recursive: true });
const counts = countsOf(rows);
const result = { build, bundles: bundles.length, seconds, counts, differences, rows };
writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
process.stdout.write(`\n${table(rows)}\n`);
for (const difference of differences) process.stdout.write(`differs: ${difference}\n`);
const failed = differences.length;
process.stdout.write(`${rows.length} classes in ${seconds} s; all of it is in ${values.out}\n`);
process.stdout.write(`${Math.max(0, rows.length - failed)} passed, ${failed} failed, 0 skipped\n`);
process.exit(failed > 0 || rows.length === 0 ? 1 : 0);
