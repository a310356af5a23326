/** Bundles made by the tests, and what programs say about them: the host's own, and the tests'. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const HOST = process.env['FLOWZONE_HOST'] ?? '.build/release/PluginHostXPC';

const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const SOURCES = join(import.meta.dir, '../../Sources/CVST3');
const FLAGS = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror'];
const LIBRARIES = ['-ldl', '-lpthread', '-lm'];

export const canCompile = (): boolean => process.platform === 'linux' && Bun.which('cc') !== null;

/** Runs a compiler; its words are the error. */
export const compile = async (argv: readonly string[]): Promise<void> => {
  const compiler = Bun.spawn([...argv], { stderr: 'pipe' });
  const errors = await new Response(compiler.stderr).text();
  if ((await compiler.exited) !== 0) throw new Error(`${argv.join(' ')}: ${errors}`);
};

/** Compiles `sources` to a bundle of this name in `folder`; returns its path. */
export const buildBundle = async (
  folder: string,
  name: string,
  sources: readonly string[],
  flags: readonly string[] = [],
): Promise<string> => {
  const binary = join(folder, `${name}.vst3`, 'Contents', `${MACHINE}-linux`);
  mkdirSync(binary, { recursive: true });
  const output = ['-shared', '-fPIC', '-I', SOURCES, '-o', join(binary, `${name}.so`)];
  await compile(['cc', ...FLAGS, ...flags, ...output, ...sources, ...LIBRARIES]);
  return join(folder, `${name}.vst3`);
};

/** A program that hosts plug-ins by our own C, without anything else of FlowZone. */
export const buildDriver = async (folder: string, source: string): Promise<string> => {
  const host = [...new Bun.Glob('*.c').scanSync(SOURCES)].map((name) => join(SOURCES, name));
  const program = join(folder, 'drive');
  const include = ['-I', SOURCES, '-I', join(SOURCES, 'include')];
  await compile(['cc', ...FLAGS, ...include, '-o', program, source, ...host, ...LIBRARIES]);
  return program;
};

export interface Answer {
  /** Null = a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Each JSON object that is a line of standard output. */
  readonly lines: readonly Record<string, unknown>[];
  readonly errors: string;
  readonly ms: number;
}

/** After its end: a grandchild may hold the pipes. */
const DRAIN_MS = 250;

/** Runs a program to its end; a limit of 0 lets it run as long as it wants. */
export const ask = async (
  argv: readonly string[],
  env: Record<string, string> = {},
  limitMs = 0,
): Promise<Answer> => {
  const start = performance.now();
  const quiet = { ...process.env, SWIFT_BACKTRACE: 'enable=no', ...env };
  const child = Bun.spawn([...argv], { env: quiet, stdout: 'pipe', stderr: 'pipe' });
  const limit = limitMs > 0 ? setTimeout(() => child.kill('SIGKILL'), limitMs) : undefined;
  const texts = { out: '', errors: '' };
  const read = async (from: ReadableStream<Uint8Array>, to: keyof typeof texts) => {
    const decoder = new TextDecoder();
    for await (const bytes of from) texts[to] += decoder.decode(bytes, { stream: true });
  };
  const reading = Promise.all([read(child.stdout, 'out'), read(child.stderr, 'errors')]);
  await child.exited;
  clearTimeout(limit);
  const ms = performance.now() - start;
  await Promise.race([reading, Bun.sleep(DRAIN_MS)]);
  const lines = texts.out.split('\n').filter((line) => line.startsWith('{'));
  return {
    code: child.signalCode === null ? child.exitCode : null,
    signal: child.signalCode === null ? null : String(child.signalCode),
    errors: texts.errors,
    ms,
    lines: lines.map((line): Record<string, unknown> => JSON.parse(line)),
  };
};

/** Asks the host program; see `PluginHostXPC`. */
export const askHost = (
  argv: readonly string[],
  env?: Record<string, string>,
  limitMs?: number,
): Promise<Answer> => ask([HOST, ...argv], env, limitMs);
