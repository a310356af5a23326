/**
 * Compiles every C file for a Mac: to arm64 Mach-O, with zig's headers of macOS and a few of our own.
 *
 *   npm run test:mach-o
 *
 * Objective-C and Swift are beyond it. Where zig cannot be had nothing is said of the files: one skipped.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { zigPath } from '../../scripts/app/zig.ts';
import { isMachO } from './mach-o.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDERS = ['CFlowLeaf', 'CVST3', 'CFlowApple'];
const TARGETS = ['aarch64-macos.13.0', 'x86_64-macos.13.0'] as const;

/** Null = there is none for this system, or no way to it. */
const findZig = (): string | null => {
  try {
    return zigPath();
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
    return null;
  }
};

const zig = findZig();
if (zig === null) {
  process.stdout.write(' 0 pass\n 1 skip\n');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'flowzone-mach-o-'));
const includes = [
  'tests/mach-o/include',
  ...FOLDERS.flatMap((name) => [`Sources/${name}/include`, `Sources/${name}`]),
].flatMap((path) => ['-I', join(ROOT, path)]);

/** What the compiler says; empty = it is right. */
const compile = (source: string, target: (typeof TARGETS)[number], object: string): string => {
  const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wno-four-char-constants'];
  const { exitCode, stderr } = Bun.spawnSync(
    [zig, 'cc', '-target', target, ...flags, ...includes, '-c', source, '-o', object],
    { cwd: ROOT },
  );
  if (exitCode !== 0) return stderr.toString();
  return isMachO(readFileSync(object), target) ? '' : 'no Mach-O of that processor';
};

const sources = [...FOLDERS.map((name) => `Sources/${name}/*.c`), 'scripts/app/*.c']
  .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)])
  .toSorted();
let failed = 0;
for (const target of TARGETS) {
  for (const source of sources) {
    const says = compile(join(ROOT, source), target, join(folder, `${basename(source)}.o`));
    if (says === '') continue;
    failed += 1;
    process.stdout.write(`${target} ${source}: ${says}\n`);
  }
}
// A misspelt call that only a Mac has is found.
const planted = join(folder, 'planted.c');
writeFileSync(
  planted,
  '#include <sys/fcntl.h>\nint sync_all(int fd) { return fcntl(fd, F_FULLSYNC); }\n',
);
const isControlSeen = compile(planted, TARGETS[0], join(folder, 'planted.o')).includes(
  'F_FULLSYNC',
);
rmSync(folder, { recursive: true, force: true });
if (!isControlSeen) process.stdout.write('the planted error is NOT SEEN\n');
const all = sources.length * TARGETS.length + 1;
const wrong = failed + (isControlSeen ? 0 : 1);
process.stdout.write(`${sources.length} C files for ${TARGETS.length} processors\n`);
process.stdout.write(` ${all - wrong} pass\n ${wrong} fail\n`);
process.exit(wrong === 0 ? 0 : 1);
