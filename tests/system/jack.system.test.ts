/** Promise 2 on a real JACK server, the sound made and recorded by other programs. Long form: `bun tests/judge/jack.ts --long`. */
import { expect, test } from 'bun:test';
import { judgeJack, missingPrograms, repeatsOf } from '../judge/jack.ts';
import { makeNoise } from '../judge/wav.ts';

const TRIALS_MAX = 4;
const missing = missingPrograms();

test.skipIf(missing.length > 0)(
  `takes from a JACK dummy server are bit-exact and repeat exactly${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  async () => {
    // A machine that stalls makes the server leave out cycles, and says so: such a trial shows nothing.
    let report = await judgeJack({ presses: 4, repeats: 4, seed: 48 });
    for (
      let trial = 1;
      trial < TRIALS_MAX && report.faults.length > 0 && report.xruns > 0;
      trial += 1
    ) {
      process.stdout.write(`${JSON.stringify(report)}: again\n`);
      report = await judgeJack({ presses: 4, repeats: 4, seed: 48 + trial });
    }
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report.faults).toEqual([]);
    expect(report.repeats).toBeGreaterThanOrEqual(4);
    expect(report.residualDbfs).toBeLessThanOrEqual(-120);
  },
  240_000,
);

test('the judge notices a repeat that comes one frame late', () => {
  const take = makeNoise(5, 4800);
  expect(repeatsOf(new Float32Array([...take, ...take, ...take]), take)).toEqual({
    repeats: 3,
    residual: 0,
  });
  const late = repeatsOf(new Float32Array([...take, 0, 0, ...take, ...take]), take);
  expect(late.residual).toBeGreaterThan(0.1);
});
