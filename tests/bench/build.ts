/** Builds the native driver of the benches into `.build/bench/`; Linux only. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  COMMAND_FLAGS,
  COMMAND_KIND,
  CONFIG_FLAGS,
  DEVICE_KIND,
  EVENT_KIND,
  TAKE_ORIGIN,
  type FieldType,
  layoutOf,
  RECORDS,
} from '../../protocol/abi.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ABI_HASH, ABI_VERSION } from '../../protocol/version.ts';

const HERE = join(import.meta.dir, 'native');
export const OUT = join(import.meta.dir, '../../.build/bench');

const CTYPE: Record<string, string> = {
  u32: 'uint32_t',
  i32: 'int32_t',
  f32: 'float',
  f64: 'double',
};

const field = (name: string, type: FieldType): string => {
  const array = /^(u32|utf8)\[(\d+)\]$/.exec(type);
  if (!array) return `    ${CTYPE[type]} ${name};`;
  return `    ${array[1] === 'u32' ? 'uint32_t' : 'uint8_t'} ${name}[${array[2]}];`;
};

const enumOf = (name: string, values: Readonly<Record<string, number>>): string =>
  `enum {\n${Object.entries(values)
    .map(([key, value]) => `    ${name}_${key} = ${value},`)
    .join('\n')}\n};`;

/** The records and numbers of the border as C sees them. */
export const abiHeader = (): string => {
  const records = Object.entries(RECORDS).map(([name, layout]) => {
    const fields = Object.entries(layout.fields).map(([key, type]) => field(key, type));
    return `typedef struct {\n${fields.join('\n')}\n} __attribute__((aligned(8))) ${name};\n_Static_assert(sizeof(${name}) == ${layoutOf(layout).bytes}, "${name}");`;
  });
  return [
    '#pragma once',
    '#include <stdint.h>',
    `#define BENCH_ABI_VERSION ${ABI_VERSION}u`,
    `#define BENCH_ABI_HASH 0x${ABI_HASH.slice(0, 8)}u`,
    enumOf('COMMAND_KIND', COMMAND_KIND),
    enumOf('COMMAND_FLAGS', COMMAND_FLAGS),
    enumOf('EVENT_KIND', EVENT_KIND),
    enumOf('CONFIG_FLAGS', CONFIG_FLAGS),
    enumOf('DEVICE_KIND', DEVICE_KIND),
    enumOf('TAKE_ORIGIN', TAKE_ORIGIN),
    ...records,
    '',
  ].join('\n');
};

/** The compiler that came with Swift where there is one: its counts are the lower floor. */
export const compiler = (): string | null => {
  const swift = Bun.which('swiftc');
  const beside =
    swift &&
    join(dirname(Bun.spawnSync(['readlink', '-f', swift]).stdout.toString().trim()), 'clang');
  if (beside && existsSync(beside)) return beside;
  return Bun.which('clang') ?? Bun.which('cc');
};

/** What is missing for a run, as a sentence; empty = nothing. */
export const missing = (): string => {
  if (process.platform !== 'linux') return 'the benches run on Linux only';
  if (process.arch !== 'x64') return 'the floor kernels are counted on x86-64 only';
  if (compiler() === null) return 'no C compiler';
  if (!existsSync('/usr/include/valgrind/callgrind.h')) return 'valgrind is not installed';
  return '';
};

const newest = (paths: readonly string[]) =>
  Math.max(...paths.map((path) => statSync(path).mtimeMs));

/** The driver's path; built when a source is newer. */
export const buildDriver = (): string => {
  mkdirSync(OUT, { recursive: true });
  const header = join(OUT, 'abi.h');
  const text = abiHeader();
  if (!existsSync(header) || readFileSync(header, 'utf8') !== text) writeFileSync(header, text);
  const sources = [...new Bun.Glob('*.{c,h}').scanSync(HERE)].map((name) => join(HERE, name));
  const driver = join(OUT, 'driver');
  if (existsSync(driver) && statSync(driver).mtimeMs > newest([...sources, header])) return driver;
  const done = Bun.spawnSync(
    [
      compiler() ?? 'cc',
      '-O3',
      '-march=x86-64-v3',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-rdynamic',
      '-I',
      OUT,
      '-o',
      driver,
      ...sources.filter((path) => path.endsWith('.c')),
      '-ldl',
      '-lm',
      '-lpthread',
    ],
    { stdout: 'pipe', stderr: 'pipe' },
  );
  if (!done.success) throw new Error(done.stderr.toString());
  return driver;
};

/** The program that times the page's spectrum, from the engine's own sources. */
export const buildSpectrum = (): string => {
  mkdirSync(OUT, { recursive: true });
  const core = join(import.meta.dir, '../../Sources/FlowCore');
  const limits = join(OUT, 'limits.swift');
  const { bandCount, bandHzMin, bandHzMax } = LIMITS;
  writeFileSync(
    limits,
    `enum Limits {\n${Object.entries({ bandCount, bandHzMin, bandHzMax })
      .map(([name, value]) => `    static let ${name} = ${value}`)
      .join('\n')}\n}\n`,
  );
  const program = join(OUT, 'spectrum');
  const control = ['BandAnalysis', 'ColumnFft', 'RealFft'].map((name) => `Control/${name}`);
  const sources = [...control, 'Exchange/Wide'].map((name) => join(core, `${name}.swift`));
  const done = Bun.spawnSync(
    [
      'swiftc',
      '-O',
      '-Xcc',
      '-march=x86-64-v3',
      '-whole-module-optimization',
      '-parse-as-library',
      '-Xfrontend',
      '-experimental-performance-annotations',
      '-enforce-exclusivity=unchecked',
      '-o',
      program,
      join(HERE, 'spectrum.swift'),
      limits,
      ...sources,
    ],
    { stdout: 'pipe', stderr: 'pipe' },
  );
  if (!done.success) throw new Error(done.stderr.toString());
  return program;
};

if (import.meta.main) process.stdout.write(`${buildDriver()}\n`);
