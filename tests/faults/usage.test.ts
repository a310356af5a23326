/** What the fault rigs say of themselves, without running any. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { ROWS } from './rows.ts';

const run = (...words: string[]) => {
  const { exitCode, stderr, stdout } = Bun.spawnSync(
    [process.execPath, join(import.meta.dirname, 'run.ts'), ...words],
    { stderr: 'pipe' },
  );
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
};

test('--help tells options, and every row with its promise or by what it is found', () => {
  const { exitCode, stdout } = run('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--fresh');
  for (const { fault, finds, id, promise } of ROWS) {
    expect(stdout).toContain(`  ${id.padEnd(13)} ${fault}\n`);
    expect(stdout).toContain(finds?.[0] ?? promise);
  }
});

test('an option that there is not, a row that there is not, and numbers that are none, are refused', () => {
  for (const words of [
    ['--rwo', '1'],
    ['--row', '99'],
    ['--trials', 'many'],
    ['--minutes', '-1'],
    ['--seed', 'x'],
  ]) {
    const { exitCode, stderr } = run(...words);
    expect([words, exitCode]).toEqual([words, 2]);
    expect(stderr).toMatch(/^(?:no such row|.*--)/);
    expect(stderr).not.toContain('    at ');
  }
});
