/** Builds the run-time guard of the audio thread into `.build/guard/`; Linux only. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dir;
const OUT = join(HERE, '../../.build/guard');

export const canBuild = (): boolean => process.platform === 'linux' && Bun.which('cc') !== null;

/** Compiles what is older than one of its sources; `argv` is the compiler and its flags. */
export const compile = (
  output: string,
  sources: readonly string[],
  argv: readonly string[],
): string => {
  const path = join(OUT, output);
  const isFresh = (source: string) => statSync(path).mtimeMs > statSync(source).mtimeMs;
  if (existsSync(path) && sources.every(isFresh)) return path;
  mkdirSync(OUT, { recursive: true });
  const done = Bun.spawnSync([...argv, '-o', path, ...sources], { stdout: 'pipe', stderr: 'pipe' });
  if (!done.success) throw new Error(`${argv[0]} ${output}: ${done.stderr.toString()}`);
  return path;
};

export const WARNINGS = ['-O2', '-g', '-Wall', '-Wextra', '-Werror'];

/** The library to preload. */
export const buildGuard = (): string =>
  compile('librtguard.so', [join(HERE, 'rt-guard.c')], ['cc', ...WARNINGS, '-shared', '-fPIC']);

/** Programs that break the rules on purpose. */
export const buildPlantedC = (guard: string): string =>
  compile('planted-c', [join(HERE, 'planted.c'), guard], ['cc', ...WARNINGS, '-Wl,--no-as-needed']);

/** A library with calls whose targets nobody can read. */
export const buildPlantedTail = (): string =>
  compile(
    'libplanted-tail.so',
    [join(HERE, 'planted-tail.c')],
    ['cc', ...WARNINGS, '-shared', '-fPIC'],
  );

export const buildPlantedSwift = (guard: string): string =>
  compile('planted-swift', [join(HERE, 'planted.swift'), guard], ['swiftc', '-O']);

const EXCHANGE = join(HERE, '../../Sources/FlowCore/Exchange');

export const canRace = (): boolean =>
  process.platform === 'linux' && process.arch === 'x64' && Bun.which('swiftc') !== null;

/** The rings of the core and two threads that use them, instrumented by ThreadSanitizer. */
export const buildRaces = (): string => {
  const rings = [...new Bun.Glob('*.swift').scanSync(EXCHANGE)].map((name) => join(EXCHANGE, name));
  const bridge = join(HERE, '../../Sources/FlowCore/Devices/Apple/InputBridge.swift');
  const flags = ['-O', '-g', '-parse-as-library', '-sanitize=thread'];
  const marks = ['-Xfrontend', '-experimental-performance-annotations'];
  const races = [...new Bun.Glob('race*.swift').scanSync(HERE)].map((name) => join(HERE, name));
  const sources = [...races, bridge, ...rings];
  return compile('races', sources, ['swiftc', ...flags, ...marks]);
};

export interface GuardReport {
  readonly blocks: number;
  /** Watched calls outside and inside guarded blocks. */
  readonly outside: number;
  readonly inside: number;
  /** Calls inside that nobody allowed. */
  readonly hits: number;
  /** Futex wakes inside: one per live plug-in host and block is allowed. */
  readonly wakes: number;
  /** The first hit: the function called, and who called it. */
  readonly first: string;
  readonly frames: readonly string[];
}

/** What a process needs in its environment to be watched. */
export const guardEnv = (guard: string, report: string, plant?: number) => ({
  LD_PRELOAD: guard,
  FZ_GUARD_REPORT: report,
  ...(plant === undefined ? {} : { FZ_GUARD_PLANT: String(plant) }),
});

if (import.meta.main) process.stdout.write(`${buildGuard()}\n`);
