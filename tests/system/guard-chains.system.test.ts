/** Promise 1 with plug-ins: the audio thread wakes each host once a block, and does nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginHostPath } from '../../server/engine/library-path.ts';
import { buildGuard, canBuild, type GuardReport, guardEnv } from '../guard/build.ts';
import { ask } from '../plugins/bundle.ts';
import { buildFixture } from '../plugins/fixture/build.ts';
import { printedSeed } from '../support/seed.ts';

const BLOCKS = 4000;
const CLASS_WORDS = 4;

interface Run {
  readonly loaded: number;
  readonly hosts: number;
  readonly wet: number;
  readonly dry: number;
}

interface Described {
  readonly name: string;
  readonly category: string;
  readonly classId: string;
}

/** The words of an id, as they lie in memory. */
const wordsOf = (hex: string) => {
  const bytes = Buffer.from(hex, 'hex');
  return Array.from({ length: CLASS_WORDS }, (_, index) => bytes.readUInt32LE(4 * index));
};

describe.skipIf(!canBuild())('the audio thread of an engine with plug-ins', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-guard-'));
  const classes: Record<string, number[]> = {};
  let bundle = '';

  beforeAll(async () => {
    bundle = await buildFixture(folder);
    const { lines } = await ask([pluginHostPath(), 'scan', bundle]);
    for (const { class: found } of lines as { class?: Described }[]) {
      // Editors have the name of what they edit.
      if (found?.category === 'Audio Module Class') classes[found.name] = wordsOf(found.classId);
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (blocks: number, seed: number, plant?: number) => {
    const report = join(folder, 'report.json');
    const program = join(import.meta.dir, '../guard/chain-runner.ts');
    const done = Bun.spawnSync(
      ['bun', program, bundle, JSON.stringify(classes), String(blocks), String(seed)],
      {
        env: { ...process.env, ...guardEnv(buildGuard(), report, plant) },
        stdout: 'pipe',
        stderr: 'pipe',
      },
    );
    expect({ code: done.exitCode, said: done.stderr.toString() }).toEqual({ code: 0, said: '' });
    return {
      run: JSON.parse(done.stdout.toString()) as Run,
      guard: JSON.parse(readFileSync(report, 'utf8')) as GuardReport,
    };
  };

  test(`does nothing unbounded in ${BLOCKS} blocks while chains change and hosts crash`, () => {
    const seed = printedSeed();
    const { guard, run: told } = run(BLOCKS, seed);
    process.stdout.write(`${JSON.stringify({ seed, guard, ...told })}\n`);
    expect(guard.first).toBe('');
    expect(guard.hits).toBe(0);
    expect(guard.blocks).toBeGreaterThanOrEqual(BLOCKS);
    expect(told).toMatchObject({ loaded: 5 });
    // Two makers; mates of one that was lost twice are put apart.
    expect(told.hosts).toBeGreaterThanOrEqual(2);
    expect(told.hosts).toBeLessThanOrEqual(5);
    // Each host was woken in nearly every block, and never twice in one.
    expect(guard.wakes).toBeGreaterThan(BLOCKS);
    expect(guard.wakes).toBeLessThanOrEqual(told.loaded * guard.blocks);
    // They were heard, and lost, and heard again.
    expect(told.wet).toBeGreaterThan(5);
    expect(told.dry).toBeGreaterThan(0);
  }, 120_000);

  test('is really watched: one allocation planted in block 300 is a hit', () => {
    expect(run(600, 1, 300).guard).toMatchObject({ hits: 2, first: 'malloc' });
  }, 60_000);
});
