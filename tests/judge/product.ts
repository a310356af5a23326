/**
 * Starts FlowZone as a user would and talks to it from outside. Imports nothing of the product.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteRing } from './rings.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Ready {
  url: string;
  pid: number;
  enginePid: number;
  gatewayPid: number;
}

export interface Product {
  readonly ready: Ready;
  readonly data: string;
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it printed to stderr so far. */
  readonly log: () => string;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  readonly json: <T = Record<string, unknown>>(path: string) => Promise<T>;
  /** Ends it in order and waits; the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const PREFIX = 'flowzone-test-';

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

// The runner may end without exit handlers, so each run also clears what ended ones left.
for (const name of readdirSync(tmpdir())) {
  const pid = Number(/^flowzone-test-(\d+)-/.exec(name)?.[1]);
  if (pid > 0 && isGone(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

const folders: string[] = [];
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the test process ends. */
export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  folders.push(folder);
  return folder;
};

/** Notes what must be ended, and ends it in reverse order, also when a test fails in the middle. */
export const withCleanup = async <T>(
  act: (later: (end: () => unknown) => void) => Promise<T>,
): Promise<T> => {
  const ends: (() => unknown)[] = [];
  try {
    return await act((end) => ends.push(end));
  } finally {
    for (const end of ends.toReversed()) await end();
  }
};

/** Runs the launcher until it ends by itself: for starts that must fail. */
export const runToEnd = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(root, 'server/main.ts'), '--no-open', ...args], {
      cwd: root,
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

export const startProduct = (
  args: string[] = [],
  {
    data = makeFolder(),
    env = {},
    inside = [],
    onSpawn,
  }: {
    data?: string;
    env?: Record<string, string>;
    /** A command that becomes the one it is given. */
    inside?: readonly string[];
    /** Told at once, long before it is ready. */
    onSpawn?: (pid: number) => void;
  } = {},
): Promise<Product> =>
  new Promise((resolve, reject) => {
    const main = [join(root, 'server/main.ts'), '--no-open', '--port', '0', '--data', data];
    noteRing(data);
    const [command = '', ...rest] = [...inside, process.execPath, ...main, ...args];
    const child = spawn(command, rest, {
      cwd: root,
      env: { ...process.env, FLOWZONE_PLUGIN_PATH: '', ...env },
    });
    running.add(child);
    onSpawn?.(child.pid ?? 0);
    child.on('close', () => running.delete(child));
    let stderr = '';
    let stdout = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const exited = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
    void exited.then((code) =>
      reject(new Error(`ended with ${code} before it was ready:\n${stderr}`)),
    );
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const line = stdout.split('\n').find((text) => text.startsWith('{"event":"ready"'));
      if (line === undefined) return;
      const ready = JSON.parse(line) as Ready;
      const get = (path: string, init?: RequestInit) => fetch(new URL(path, ready.url), init);
      resolve({
        ready,
        data,
        url: ready.url,
        child,
        log: () => stderr,
        get,
        json: async <T>(path: string) => (await (await get(path)).json()) as T,
        stop: (signal = 'SIGTERM') => {
          if (child.exitCode === null) child.kill(signal);
          return exited;
        },
      });
    });
  });

/** Waits until `probe` gives something; asks again every few milliseconds, fails after the limit. */
export const until = async <T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 10_000,
): Promise<T> => {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await Bun.sleep(5);
  }
};
