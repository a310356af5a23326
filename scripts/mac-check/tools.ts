/** The checks' hands: commands, and the product in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product, Tools } from './checks.ts';

const READY_MS = 60_000;

const run: Tools['run'] = async (...argv) => {
  const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const texts = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, text: texts.join('') };
};

interface Ready {
  readonly url: string;
  readonly pid: number;
  readonly enginePid: number;
}

const readReady = async (from: ReadableStream<Uint8Array>): Promise<Ready> => {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    text += decoder.decode(bytes, { stream: true });
    const line = text.split('\n').find((one) => one.startsWith('{"event":"ready"'));
    if (line !== undefined) return JSON.parse(line) as Ready;
  }
  throw new Error('it ended before it was ready');
};

const start: Tools['start'] = async (...args): Promise<Product> => {
  const data = mkdtempSync(join(tmpdir(), 'flowzone-mac-'));
  const child = Bun.spawn(
    [process.execPath, 'server/main.ts', '--port', '0', '--no-open', '--data', data, ...args],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' },
  );
  const stop = async () => {
    child.kill('SIGTERM');
    const code = await child.exited;
    rmSync(data, { recursive: true, force: true });
    return code;
  };
  const limit = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  try {
    const { url, pid, enginePid } = await readReady(child.stdout);
    const get = async (path: string) => {
      const answer = await fetch(new URL(path, url));
      return (await answer.json()) as Record<string, unknown>;
    };
    return { url, pid, enginePid, get, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(limit);
  }
};

export const makeTools = (device: string): Tools => ({
  run,
  start,
  wait: (ms) => Bun.sleep(ms),
  device,
});
