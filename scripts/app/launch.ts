/** Starts a bundle as the Finder would and asks it how it is: signatures alone prove nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAUNCHER } from './layout.ts';

const READY_MS = 30_000;

const readyUrl = async (from: ReadableStream<Uint8Array>): Promise<string> => {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    text += decoder.decode(bytes, { stream: true });
    const line = text.split('\n').find((one) => one.startsWith('{"event":"ready"'));
    if (line !== undefined) return (JSON.parse(line) as { url: string }).url;
  }
  throw new Error('it ended before it was ready');
};

/** Throws when it does not start, does not play, or does not end well. */
export const launch = async (bundle: string): Promise<string> => {
  const data = mkdtempSync(join(tmpdir(), 'flowzone-app-'));
  const child = Bun.spawn(
    [join(bundle, LAUNCHER), '--port', '0', '--no-open', '--device', 'headless', '--data', data],
    { cwd: '/', stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
  const limit = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  try {
    const url = await readyUrl(child.stdout);
    const page = await fetch(url);
    const health = (await (await fetch(new URL('/api/health', url))).json()) as {
      blocks: number;
    };
    if (!page.ok || !(health.blocks > 0))
      throw new Error(`page ${page.status}, ${health.blocks} blocks`);
    child.kill('SIGTERM');
    const code = await child.exited;
    if (code !== 0) throw new Error(`it ended with ${code}`);
    return `page and ${health.blocks} blocks, ended with 0`;
  } catch (error) {
    child.kill('SIGKILL');
    const says = await new Response(child.stderr).text();
    throw new Error(`${String(error)}\n${says.slice(-2000)}`, { cause: error });
  } finally {
    clearTimeout(limit);
    rmSync(data, { recursive: true, force: true });
  }
};
