/** Runs one scene of the native driver, plain or counted by callgrind, and reads what it printed. */
import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { libraryPath } from '../../server/engine/library-path.ts';
import { buildDriver, OUT } from './build.ts';

export type Printed = Readonly<Record<string, number>>;

const run = (argv: readonly string[], env: Readonly<Record<string, string>>): Printed => {
  const done = Bun.spawnSync([...argv], {
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  if (!done.success) throw new Error(`${argv.join(' ')}: ${done.stderr.toString().trim()}`);
  return JSON.parse(done.stdout.toString()) as Printed;
};

/** One number of what a scene printed. */
export const number = (printed: Printed, key: string): number => {
  const value = printed[key];
  if (typeof value !== 'number') throw new Error(`the scene did not print ${key}`);
  return value;
};

export const scene = (
  name: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): Printed =>
  run([buildDriver(), name, ...args.map(String)], { FZ_LIBRARY: libraryPath(), ...env });

/** Valgrind cannot read the debug records of a Swift library: it gets a copy without them. */
const strippedLibrary = (): string => {
  const [from, to] = [libraryPath(), join(OUT, 'libFlowCore.so')];
  if (existsSync(to) && statSync(to).mtimeMs > statSync(from).mtimeMs) return to;
  copyFileSync(from, to);
  const done = Bun.spawnSync(['strip', '--strip-debug', to], { stderr: 'pipe' });
  if (!done.success) throw new Error(done.stderr.toString());
  return to;
};

/** Instructions per frame between the marks of a counting scene. */
export const countScene = (name: string, args: readonly (string | number)[]): number => {
  const out = join(OUT, 'callgrind.out');
  const printed = run(
    [
      'valgrind',
      '-q',
      '--tool=callgrind',
      '--collect-atstart=no',
      `--callgrind-out-file=${out}`,
      buildDriver(),
      name,
      ...args.map(String),
    ],
    { FZ_LIBRARY: strippedLibrary() },
  );
  const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(out, 'utf8'))?.[1];
  rmSync(out);
  if (total === undefined) throw new Error('callgrind wrote no total');
  return Number(total) / number(printed, 'frames');
};
