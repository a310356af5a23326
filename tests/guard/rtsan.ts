/**
 * RealtimeSanitizer: where the set-up has put it, and programs that are linked with it.
 *
 * It is part of LLVM 20 and later; the compiler here is older. Its run-time archive is enough, for it
 * watches calls and needs no instrumented code. It cannot be preloaded into Bun.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { compile, WARNINGS } from './build.ts';

/** As `scripts/setup/rtsan.sh` fetches it. */
const PACKAGE = 'libclang-rt-22-dev';
const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const ARCHIVE = join(
  cache,
  'flowzone',
  PACKAGE,
  'usr/lib/llvm-22/lib/clang/22/lib/linux/libclang_rt.rtsan-x86_64.a',
);

/** What keeps this machine from the proof; empty when nothing does. */
export const whatIsMissing = (): string => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Linux on x86-64';
  if (Bun.which('cc') === null) return 'a C compiler';
  return existsSync(ARCHIVE) ? '' : `${PACKAGE} (sh scripts/up setup fetches it)`;
};

const source = (name: string) => join(import.meta.dir, name);

/** The archive goes in whole: what it intercepts, no object of ours asks for. */
const LINKER = [
  '--no-as-needed',
  '--whole-archive',
  ARCHIVE,
  '--no-whole-archive',
  '--export-dynamic',
];
const LIBRARIES = ['-lm', '-ldl', '-lpthread', '-lrt'];

const buildMarks = (): string =>
  compile('rtsan-marks.o', [source('rtsan-marks.c')], ['cc', ...WARNINGS, '-c']);

/** The program that repeats a log on the library. */
export const buildReplay = (): string =>
  compile(
    'rtsan-replay',
    [source('rtsan-replay.c'), buildMarks()],
    ['cc', ...WARNINGS, ...LINKER.map((flag) => `-Wl,${flag}`), ...LIBRARIES],
  );

/** The Swift program that breaks the rules when it gets an argument. */
export const buildWatchedSwift = (): string =>
  compile(
    'rtsan-swift',
    [source('planted.swift'), buildMarks()],
    ['swiftc', '-O', ...LINKER.flatMap((flag) => ['-Xlinker', flag]), ...LIBRARIES],
  );
