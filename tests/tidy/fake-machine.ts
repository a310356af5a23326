/**
 * A machine of stubs for `scripts/up`: a copy of the scripts in a temporary tree, a PATH with the
 * plain tools and stubs of bun, swift and npm that write down how they were called.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './source.ts';

const PLAIN_TOOLS =
  'sh sed grep find sort cksum tr cut cat mkdir ln readlink rm mv cp date sleep tail head wc ' +
  'dirname uname id env mktemp chmod tar gzip ps node sysctl printf kill touch dpkg-query apt-cache';

/** Stub programs; `$tree` is where they run. Each line of calls.txt is one call. */
const STUBS = {
  bun: `
if [ "$1" = --version ]; then echo 1.4.5; exit 0; fi
echo "bun $*" >>"$CALLS"
case $* in
install*) mkdir -p node_modules ;;
"--bun vite"*) mkdir -p web/dist && touch web/dist/index.html ;;
server/main.ts*) echo '{"event":"ready"}'; [ -z "\${HOLD:-}" ] || exec sleep 30; exit "\${PRODUCT_CODE:-0}" ;;
esac`,
  swift: `
echo "swift $*" >>"$CALLS"
[ -z "\${HOLD_BUILD:-}" ] || { echo "pid $$" >>"$CALLS"; exec sleep 30; }
mkdir -p .build/release
touch .build/release/libFlowCore.so .build/release/PluginHostXPC
chmod +x .build/release/PluginHostXPC`,
  swiftc: 'echo "Swift version 6.0.3 (stub)"',
  npm: `
echo "npm $*" >>"$CALLS"
mkdir -p package/bin && echo "exit 1" >package/bin/bun
tar -czf stub.tgz package`,
};

export type Stub = keyof typeof STUBS;

export interface Machine {
  readonly tree: string;
  readonly cache: string;
  readonly calls: () => string[];
  readonly write: (path: string, text: string) => void;
  readonly remove: (stub: Stub) => void;
  /** Puts one more stub on the PATH. */
  readonly add: (name: string, text: string) => void;
  readonly up: (args: readonly string[], env?: Record<string, string>) => Running;
  readonly dispose: () => void;
}

export interface Running {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly done: Promise<{
    code: number | null;
    signal: number | string | null;
    out: string;
    err: string;
  }>;
}

export const makeMachine = (): Machine => {
  const root = mkdtempSync(join(tmpdir(), 'flowzone-up-'));
  const [tree, bin, cache] = [join(root, 'tree'), join(root, 'bin'), join(root, 'cache')];
  const callsFile = join(root, 'calls.txt');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  mkdirSync(bin);
  for (const tool of PLAIN_TOOLS.split(' ')) {
    const path = Bun.which(tool);
    if (path) symlinkSync(path, join(bin, tool));
  }
  const add = (name: string, text: string) => {
    rmSync(join(bin, name), { force: true });
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const [name, text] of Object.entries(STUBS)) add(name, text);
  cpSync(join(ROOT, 'scripts/setup'), join(tree, 'scripts/setup'), { recursive: true });
  cpSync(join(ROOT, 'scripts/up'), join(tree, 'scripts/up'));
  for (const path of ['package.json', 'bun.lock', 'Package.swift', 'web/vite.config.ts']) {
    write(path, path);
  }
  write('Sources/FlowCore/Mixer.swift', 'struct Mixer {}');
  write('Sources/PluginHostXPC/main.swift', 'exit(0)');
  writeFileSync(callsFile, '');

  const up: Machine['up'] = (args, env = {}) => {
    const child = Bun.spawn(['sh', 'scripts/up', ...args], {
      cwd: tree,
      env: { PATH: bin, HOME: root, XDG_CACHE_HOME: cache, CALLS: callsFile, ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const done = Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]).then(([, out, err]) => ({ code: child.exitCode, signal: child.signalCode, out, err }));
    return { pid: child.pid, kill: (signal) => child.kill(signal), done };
  };
  return {
    tree,
    cache: join(cache, 'flowzone'),
    calls: () => readFileSync(callsFile, 'utf8').split('\n').filter(Boolean),
    write,
    remove: (stub) => rmSync(join(bin, stub)),
    add,
    up,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
};
