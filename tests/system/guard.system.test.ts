/** Promise 1: the audio thread of the release library never allocates, locks, waits or calls the system. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_KIND } from '../../protocol/abi.ts';
import { CLIENT_COMMANDS, COMMANDS, SESSION_COMMANDS } from '../../protocol/commands.ts';
import { buildGuard, canBuild, type GuardReport, guardEnv } from '../guard/build.ts';
import { CLIENT_GENERATORS, SESSION_GENERATORS } from '../guard/generators.ts';
import { printedSeed } from '../support/seed.ts';

interface Run {
  readonly blocks: number;
  readonly frames: number;
  readonly sent: Record<string, number>;
  readonly done: Record<string, number>;
  readonly refused: Record<string, number>;
  readonly kinds: Record<string, number>;
}

const root = mkdtempSync(join(tmpdir(), 'flowzone-guard-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const runGuarded = (name: string, blocks: number, seed: number, plant?: number) => {
  const folder = join(root, name);
  const report = join(root, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  const done = Bun.spawnSync(
    ['bun', join(import.meta.dir, '../guard/runner.ts'), folder, String(blocks), String(seed)],
    {
      env: { ...process.env, ...guardEnv(buildGuard(), report, plant) },
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  expect(done.stderr.toString()).toBe('');
  expect(done.exitCode).toBe(0);
  return {
    run: JSON.parse(done.stdout.toString()) as Run,
    guard: JSON.parse(readFileSync(report, 'utf8')) as GuardReport,
  };
};

test('every command of the protocol has a generator, and no generator is left over', () => {
  const generators = [...Object.keys(SESSION_GENERATORS), ...Object.keys(CLIENT_GENERATORS)];
  expect(generators.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

const NEEDS_MORE = [
  'LEAVE_SAFE_MODE',
  'REMOVE_SESSION',
  'LOAD_VST',
  'UNLOAD_PLUGIN',
  'MOVE_PLUGIN',
  'BYPASS_PLUGIN',
  'SET_PARAM',
  'RETRY_PLUGIN',
  'NOTE',
];

describe.skipIf(!canBuild())('the audio thread of the release library inside Bun', () => {
  test('does nothing unbounded in 20,000 blocks with every command in flight', () => {
    const seed = printedSeed();
    const { guard, run } = runGuarded('clean', 20_000, seed);
    process.stdout.write(`${JSON.stringify({ seed, guard, ...run })}\n`);
    expect(guard.first).toBe('');
    expect(guard.frames).toEqual([]);
    expect(guard.hits).toBe(0);
    expect(guard.blocks).toBeGreaterThanOrEqual(20_000);
    // The guard saw this process at work: its silence inside the blocks means something.
    expect(guard.outside).toBeGreaterThan(10_000);
    // Those of pairing end at the gateway: no engine ever hears of them.
    const reaching = Object.keys({ ...SESSION_COMMANDS, ...CLIENT_COMMANDS });
    expect(Object.keys(run.sent).toSorted()).toEqual(reaching.toSorted());
    for (const name of Object.keys(SESSION_COMMANDS)) {
      // No way back from the output: that calibration was refused is its answer.
      if (name === 'CALIBRATE_LATENCY') expect(run.kinds['calibrate'] ?? 0).toBeGreaterThan(0);
      // Nor is this Safe Mode, which could be left, nor the open session one that could go; where it
      // can, the engine gets a mark, as of a new name.
      // No plug-in is there; `tests/guard` sends the core its commands about plug-ins.
      else if (NEEDS_MORE.includes(name)) expect(run.refused[name] ?? 0).toBeGreaterThan(0);
      else expect([name, (run.done[name] ?? 0) > 0]).toEqual([name, true]);
    }
    expect(Object.keys(run.kinds).toSorted()).toEqual(Object.keys(COMMAND_KIND).toSorted());
  }, 120_000);

  test('is really watched: one allocation planted in block 300 is a hit', () => {
    const { guard } = runGuarded('planted', 600, 1, 300);
    expect(guard).toMatchObject({ hits: 2, first: 'malloc' });
  }, 60_000);
});
