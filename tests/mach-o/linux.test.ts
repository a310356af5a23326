/** C files of a Mac that need its kernel only, run here: in place of its calls stand our own words. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'flowzone-mac-c-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLAGS = [
  '-D__APPLE__',
  // Of clang, which a Mac has.
  '-D_Nonnull=',
  '-D_Nullable=',
  '-Wno-unknown-pragmas',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-pthread',
  '-Itests/mach-o/linux',
  '-ISources/CFlowLeaf/include',
];

const run = (name: string, ...sources: string[]) => {
  const program = join(folder, name);
  const here = sources.map((source) => `tests/mach-o/linux/${source}.c`);
  const argv = ['cc', ...FLAGS, '-o', program, `Sources/CFlowLeaf/${name}-mac.c`, ...here];
  const built = Bun.spawnSync(argv, { cwd: ROOT });
  expect(built.stderr.toString()).toBe('');
  return Bun.spawnSync([program], { stdout: 'ignore', stderr: 'ignore' }).exitCode;
};

test.skipIf(process.platform !== 'linux')(
  'a host that hangs ends with its engine, and none begins without one',
  () => {
    expect(run('parent', 'orphan', 'kqueue')).toBe(0);
  },
);
