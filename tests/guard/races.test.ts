/** All rings and hand-overs between two threads, under ThreadSanitizer. */
import { beforeAll, describe, expect, test } from 'bun:test';
import { canRace, buildRaces } from './build.ts';

describe.skipIf(!canRace())('what two threads share', () => {
  let program = '';
  beforeAll(() => {
    program = buildRaces();
  }, 120_000);

  const run = (...args: string[]) => {
    const done = Bun.spawnSync([program, ...args], {
      env: { ...process.env, TSAN_OPTIONS: 'exitcode=66' },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    return { code: done.exitCode, said: done.stdout.toString(), warned: done.stderr.toString() };
  };

  test('no ring and no hand-over has a data race', () => {
    expect(run()).toEqual({ code: 0, said: '50000 rounds\n', warned: '' });
  }, 60_000);

  test('one planted word that nothing orders is found', () => {
    const { code, warned } = run('plant');
    expect(code).toBe(66);
    expect(warned).toContain('WARNING: ThreadSanitizer');
    expect(warned).toContain('races.swift');
  }, 60_000);
});
