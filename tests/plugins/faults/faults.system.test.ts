/** A few rows of the fault rigs; all of them: `bun run test:plugins --faults`. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canBuild } from '../../guard/build.ts';
import { printedSeed } from '../../support/seed.ts';
import { canCompile } from '../bundle.ts';
import { buildFixture } from '../fixture/build.ts';
import { type Mode, MODES, titleOf } from './modes.ts';
import { judgeRandom, runRandom } from './random-part.ts';
import { faultTable } from './table.ts';
import { tryRow } from './table-part.ts';

setDefaultTimeout(180_000);

const FAULTS = 20;
/** The other tests may have left the machine busy. */
const TRIES = 6;

const modeOf = (title: string): Mode => {
  const mode = MODES.find((each) => titleOf(each) === title);
  if (!mode) throw new Error(`no row ${title}`);
  return mode;
};

describe.skipIf(!canCompile() || !canBuild())(
  'plug-ins that go wrong in the running product',
  () => {
    let folder = '';
    let bundle = '';
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'flowzone-faults-'));
      bundle = await buildFixture(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('a crash, a hang and sound that is none: what becomes of them, and the music goes on', async () => {
      const seed = printedSeed();
      const rows = [];
      const faults = [];
      for (const [title, path] of [
        ['Crash', 'input'],
        ['Deadlock', 'slot'],
        ['Not A Number', 'input'],
      ] as const) {
        const mode = modeOf(title);
        const tried = await tryRow({ mode, path }, { pluginFolder: folder, seed, triesMax: TRIES });
        rows.push(tried.row);
        faults.push(...tried.faults);
      }
      process.stderr.write(faultTable(rows));
      expect(faults).toEqual([]);
    });

    test('a row of which something else is expected fails', async () => {
      const mode = { ...modeOf('SIGKILL of its process'), outcomes: { on: [] }, dryMsMax: 0.1 };
      const { faults } = await tryRow(
        { mode, path: 'input' },
        { pluginFolder: folder, seed: 1, triesMax: 1 },
      );
      expect(faults.join('; ')).toMatch(/it is .*, not on.*dry for .* at most 0.1/);
    });

    test(`${FAULTS} random faults in real time: nobody waits, nothing is lost`, async () => {
      const run = await runRandom(folder, bundle, { faults: FAULTS, seed: printedSeed() });
      process.stderr.write(`${JSON.stringify(run)}\n`);
      expect(judgeRandom(run)).toEqual([]);
      expect(run.faultCount).toBe(FAULTS);
      expect(run.dryFrames).toBeGreaterThan(0);
    });
  },
);
