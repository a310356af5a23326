import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildGuard,
  buildPlantedC,
  buildPlantedSwift,
  canBuild,
  type GuardReport,
  guardEnv,
} from './build.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowzone-guard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const watch = (program: string, args: readonly string[], plant?: number): GuardReport => {
  const report = join(folder, 'report.json');
  const done = Bun.spawnSync([program, ...args], {
    env: { ...process.env, ...guardEnv(buildGuard(), report, plant) },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  expect(done.stderr.toString()).toBe('');
  expect(done.exitCode).toBe(0);
  return JSON.parse(readFileSync(report, 'utf8')) as GuardReport;
};

describe.skipIf(!canBuild())('the guard of the audio thread', () => {
  const planted = () => buildPlantedC(buildGuard());

  test('counts blocks and the calls around them, and finds nothing in clean ones', () => {
    const report = watch(planted(), []);
    expect(report.blocks).toBe(1000);
    expect(report.outside).toBeGreaterThanOrEqual(2000);
    expect(report).toMatchObject({ inside: 0, hits: 0, wakes: 0, first: '', frames: [] });
  });

  test.each([
    ['malloc', 'malloc', 2],
    ['mutex', 'pthread_mutex_lock', 1],
    ['sleep', 'nanosleep', 1],
    ['write', 'write', 1],
    ['wait', 'syscall', 1],
  ])('catches a planted %s and names it', (how, first, hits) => {
    const report = watch(planted(), [how]);
    expect(report).toMatchObject({ first, hits, inside: hits, wakes: 0 });
    expect(report.frames).toContain(first);
  });

  test('allows a futex wake, and counts it', () => {
    expect(watch(planted(), ['wake'])).toMatchObject({ hits: 0, inside: 1, wakes: 1 });
  });

  test('its own planted allocation is a hit in exactly that block', () => {
    expect(watch(planted(), [], 700)).toMatchObject({ blocks: 1000, hits: 2, first: 'malloc' });
  });

  test.skipIf(Bun.which('swiftc') === null)(
    'catches a Swift array that grows',
    () => {
      const program = buildPlantedSwift(buildGuard());
      expect(watch(program, []).hits).toBe(0);
      const report = watch(program, ['grow']);
      expect(report.hits).toBeGreaterThan(0);
      expect(report.frames.join(' ')).toContain('swift');
    },
    60_000,
  );
});
