/** Bundles made by the tests, and what the host program says about them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const HOST = process.env['FLOWZONE_HOST'] ?? '.build/release/PluginHostXPC';

const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

export interface HostAnswer {
  readonly code: number;
  /** Each line of standard output, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  readonly errors: string;
}

/** Compiles `source` to a bundle of this name in `folder`; returns its path. */
export const buildBundle = async (
  folder: string,
  name: string,
  source: string,
): Promise<string> => {
  const binary = join(folder, `${name}.vst3`, 'Contents', `${MACHINE}-linux`);
  mkdirSync(binary, { recursive: true });
  const flags = ['-std=c11', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
  const paths = ['-o', join(binary, `${name}.so`), source, '-ldl', '-lpthread', '-lm'];
  const compiler = Bun.spawn(['cc', ...flags, ...paths], { stderr: 'pipe' });
  const errors = await new Response(compiler.stderr).text();
  if ((await compiler.exited) !== 0) throw new Error(`cc ${source}: ${errors}`);
  return join(folder, `${name}.vst3`);
};

/** Runs the host program to its end; a limit of 0 lets it run as long as it wants. */
export const askHost = async (
  argv: readonly string[],
  env: Record<string, string> = {},
  limitMs = 0,
): Promise<HostAnswer> => {
  const quiet = { ...process.env, SWIFT_BACKTRACE: 'enable=no', ...env };
  const child = Bun.spawn([HOST, ...argv], { env: quiet, stdout: 'pipe', stderr: 'pipe' });
  const limit = limitMs > 0 ? setTimeout(() => child.kill('SIGKILL'), limitMs) : undefined;
  const [out, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const code = await child.exited;
  clearTimeout(limit);
  const lines = out.split('\n').filter((line) => line !== '');
  return { code, errors, lines: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
};
