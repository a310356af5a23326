/**
 * The launcher with Vite beside it: the page is edited while the music goes on.
 *
 * Vite serves the page and hands `/ws` and `/api` on to the gateway. A change under server/gateway,
 * server/link or protocol restarts the gateway alone; the engine is restarted only on request
 * (`e` and Enter), after it was built anew. Arguments go to the launcher.
 */
import { watch } from 'node:fs';
import { createServer, type ViteDevServer } from 'vite';

interface Ready {
  readonly url: string;
  readonly enginePid: number;
  readonly gatewayPid: number;
}

const GATEWAY_SOURCES = ['server/gateway', 'server/link', 'protocol'];
const QUIET_MS = 200;

const say = (line: string) => process.stderr.write(`dev: ${line}\n`);

const isReady = (line: string): boolean => line.startsWith('{"event":"ready"');

/** Hands the launcher's stdout on and calls back with the ready line. */
const readReady = async (from: ReadableStream<Uint8Array>, done: (ready: Ready) => void) => {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    process.stdout.write(bytes);
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter(isReady)) done(JSON.parse(line) as Ready);
  }
};

const startVite = async (target: string): Promise<ViteDevServer> => {
  // The gateway serves only its own origin; behind the proxy the page is of that origin.
  const proxy = { target, changeOrigin: true, headers: { origin: new URL(target).origin } };
  const vite = await createServer({
    configFile: 'web/vite.config.ts',
    root: 'web',
    server: { proxy: { '/ws': { ...proxy, ws: true }, '/api': proxy } },
  });
  await vite.listen();
  say(`page with live reload: ${vite.resolvedUrls?.local[0] ?? 'see above'}`);
  return vite;
};

/** Process numbers change with every restart; the gateway always knows the present ones. */
const restart = async (url: string, key: 'enginePid' | 'gatewayPid') => {
  try {
    const health = (await (await fetch(new URL('/api/health', url))).json()) as Ready;
    process.kill(health[key], key === 'enginePid' ? 'SIGKILL' : 'SIGTERM');
    say(`${key === 'enginePid' ? 'engine' : 'gateway'} is restarting`);
  } catch (error) {
    say(`no restart: ${String(error)}`);
  }
};

const watchGateway = (url: string) => {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of GATEWAY_SOURCES) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void restart(url, 'gatewayPid'), QUIET_MS);
    });
  }
};

const restartEngine = async (url: string) => {
  say('building the engine');
  const build = Bun.spawn(['sh', 'scripts/up', 'build'], { stdout: 'inherit', stderr: 'inherit' });
  if ((await build.exited) === 0) await restart(url, 'enginePid');
};

const readKeys = async (url: string) => {
  say('e + Enter: build and restart the engine; Ctrl-C: end');
  for await (const line of console) if (line.trim() === 'e') await restartEngine(url);
};

const launcher = Bun.spawn(['bun', 'server/main.ts', '--dev', ...process.argv.slice(2)], {
  // Engine restarts are wanted here; they are no crashes to guard against.
  env: { ...process.env, FLOWZONE_CRASH_GUARD: 'off' },
  stdin: 'ignore',
  stdout: 'pipe',
  stderr: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Ctrl-C goes to every process of the terminal; twice would mean "at once" to the launcher.
  const isShared = signal === 'SIGINT' && process.stdin.isTTY;
  process.on(signal, () => isShared || launcher.kill(signal));
}

let vite: Promise<ViteDevServer> | undefined;
void readReady(launcher.stdout, (ready) => {
  if (vite) return;
  vite = startVite(ready.url);
  watchGateway(ready.url);
  if (process.stdin.isTTY) void readKeys(ready.url);
});
const code = await launcher.exited;
await (await vite)?.close();
process.exit(code);
