/** The benches speak to the engine through the border as it is now. */
import { describe, expect, test } from 'bun:test';
import { abiHeader, compiler } from './build.ts';

const check = (source: string): string => {
  const argv = [compiler() ?? 'cc', '-x', 'c', '-fsyntax-only', '-Wall', '-Werror', '-'];
  return Bun.spawnSync(argv, { stdin: Buffer.from(source), stderr: 'pipe' }).stderr.toString();
};

describe.skipIf(compiler() === null)('the border as C sees it', () => {
  test('every record has the size that Swift and TypeScript know', () => {
    expect(check(abiHeader().replace('#pragma once', ''))).toBe('');
  });

  test('a record of another size is noticed', () => {
    const longer = abiHeader().replace('uint32_t kind;', 'uint32_t kind; double planted;');
    expect(check(longer.replace('#pragma once', ''))).toContain('static assertion failed');
  });
});
