/** The classes that stand for all real plug-ins; all of them: `bun run test:plugins`. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { BUNDLES, bundlePaths, whatIsMissing } from './bundles.ts';
import { checkClass, classesOf } from './check.ts';
import expected from './expected.json';
import { judgeList, judgeRows, nameOf } from './judge.ts';
import { inTurns } from './pool.ts';
import { table } from './table.ts';

const AT_ONCE = 2;
setDefaultTimeout(180_000);

const missing = whatIsMissing();
if (missing !== '') test.skip(`real plug-ins cannot be tried: missing is ${missing}`, () => {});

describe.skipIf(missing !== '')('real plug-ins', () => {
  test('offer the classes that are expected, and those that stand for all are well', async () => {
    const bundles = bundlePaths();
    const targets = (await inTurns(bundles, AT_ONCE, classesOf)).flat();
    expect(judgeList(bundles, targets, expected)).toEqual([]);
    const chosen = targets.filter((target) => expected.smoke.includes(nameOf(target)));
    const rows = await inTurns(chosen, AT_ONCE, (target) => checkClass(BUNDLES, target));
    process.stderr.write(`${table(rows)}\n`);
    expect(judgeRows(rows, expected)).toEqual([]);
    expect(rows).toHaveLength(expected.smoke.length);
  });
});
