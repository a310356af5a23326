import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, makeMachine } from './fake-machine.ts';

const READY = '{"event":"ready"}\n';

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine.dispose());

const start = (...args: string[]) => machine.up(['start', ...args]).done;
const newCalls = async (run: () => Promise<unknown>): Promise<string[]> => {
  const before = machine.calls().length;
  await run();
  return machine.calls().slice(before);
};
const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 500 && !condition(); tries++) await Bun.sleep(10);
  expect(condition()).toBe(true);
};
const lockIsThere = () => lstatSync(join(machine.cache, 'setup.lock'), { throwIfNoEntry: false });

describe('scripts/up start', () => {
  test('a fresh tree gets everything, then the product; stdout is the product alone', async () => {
    const { code, out, err } = await start('--port', '5');
    expect({ code, out }).toEqual({ code: 0, out: READY });
    expect(err).toContain('building the engine: done');
    expect(machine.calls().map((call) => call.split(' --')[0])).toEqual([
      'bun install',
      'swift build -c release',
      'swift build -c release',
      'bun',
      'bun server/main.ts',
    ]);
    expect(lockIsThere()).toBeUndefined();
  });

  test('the second start builds nothing and says nothing', async () => {
    await start();
    const calls = await newCalls(async () => expect((await start()).err).toBe(''));
    expect(calls).toEqual(['bun server/main.ts']);
  });

  test('only what changed is built anew', async () => {
    await start();
    machine.write('Sources/FlowCore/Mixer.swift', 'struct Mixer { var gain: Float }');
    const afterSwift = await newCalls(() => start());
    expect(afterSwift.filter((call) => call.startsWith('swift'))).toHaveLength(2);
    expect(afterSwift.some((call) => call.includes('vite'))).toBe(false);
    machine.write('web/App.tsx', 'export const App = () => null;');
    const afterPage = await newCalls(() => start());
    expect(afterPage.some((call) => call.startsWith('swift'))).toBe(false);
    expect(afterPage.some((call) => call.includes('vite'))).toBe(true);
    machine.write('web/App.tsx', 'export const App = () => null;'); // newer, but the same
    expect(await newCalls(() => start())).toEqual(['bun server/main.ts']);
  });

  test('arguments arrive with and without the dashes that npm drops', async () => {
    await start('--port', '5', '--input', 'two words.wav');
    expect(machine.calls().at(-1)).toBe('bun server/main.ts --port 5 --input two words.wav');
    await start('--', '--port', '5');
    expect(machine.calls().at(-1)).toBe('bun server/main.ts --port 5');
  });

  test("the exit code is the product's, and a signal reaches it", async () => {
    expect((await machine.up(['start'], { PRODUCT_CODE: '3' }).done).code).toBe(3);
    const running = machine.up(['start'], { HOLD: '1' });
    await until(() => machine.calls().filter((call) => call.includes('main.ts')).length === 2);
    await Bun.sleep(50);
    running.kill('SIGTERM');
    expect((await running.done).signal).toBe('SIGTERM');
  });

  test('a signal during a build ends the build at once and frees the lock', async () => {
    const running = machine.up(['start'], { HOLD_BUILD: '1' });
    await until(() => machine.calls().some((call) => call.startsWith('pid')));
    const builder = Number(machine.calls().at(-1)?.split(' ')[1]);
    const signalled = performance.now();
    running.kill('SIGTERM');
    expect((await running.done).code).toBe(143);
    expect(performance.now() - signalled).toBeLessThan(3000);
    expect(() => process.kill(builder, 0)).toThrow();
    expect(lockIsThere()).toBeUndefined();
    expect((await start()).out).toBe(READY);
  });

  test('an unknown command is a usage error', async () => {
    expect((await machine.up(['fly']).done).code).toBe(2);
  });
});

describe('the set-up lock', () => {
  const lockFor = (owner: string) => {
    mkdirSync(machine.cache, { recursive: true });
    symlinkSync(owner, join(machine.cache, 'setup.lock'));
  };

  test('two first starts at once: one builds, the other waits and says so', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(all.map(({ out }) => out)).toEqual([READY, READY, READY]);
    expect(machine.calls().filter((call) => call.startsWith('bun install'))).toHaveLength(1);
    expect(machine.calls().filter((call) => call.startsWith('swift'))).toHaveLength(2);
    expect(all.some(({ err }) => err.includes('another set-up is running'))).toBe(true);
  }, 20_000);

  test('the lock of a dead process is taken over, by one of many', async () => {
    lockFor('999999-1');
    const all = await Promise.all([start(), start(), start()]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(all.filter(({ err }) => err.includes('took over'))).toHaveLength(1);
    expect(machine.calls().filter((call) => call.startsWith('swift'))).toHaveLength(2);
  }, 20_000);

  test('a process number that came again is not the owner', async () => {
    lockFor(`${process.pid}-1`);
    expect((await start()).err).toContain('took over');
  });
});

describe('FLOWZONE_SETUP=never', () => {
  const never = () => machine.up(['start'], { FLOWZONE_SETUP: 'never' }).done;

  test('a missing Bun, missing packages and a missing Swift each end with 6 and the command', async () => {
    machine.remove('swiftc');
    const packages = await never();
    expect(packages.code).toBe(6);
    expect(packages.err).toContain('bun install --frozen-lockfile');
    await machine.up(['generate']).done; // installs the packages
    const swift = await never();
    if (process.platform === 'linux' && Bun.which('apt-get')) {
      expect(swift.err).toContain('swift');
    }
    expect(swift.code).toBe(6);
    machine.remove('bun');
    const bun = await never();
    expect(bun.code).toBe(6);
    expect(bun.err).toContain('npm install --global bun@1.4.5');
    expect([packages, swift, bun].map(({ out }) => out)).toEqual(['', '', '']);
  });

  test('it does not stop a tree that has everything', async () => {
    await start();
    expect((await never()).out).toBe(READY);
  });
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('what is unpacked', () => {
  const SANITIZER = 'libclang-rt-22-dev';
  const BUNDLES = [
    'lsp-plugins-vst3',
    'lsp-plugins-r3d-glx',
    'dragonfly-reverb-vst3',
    'dpf-plugins-vst3',
    'vst3sdk-plugins',
    'libprojectm3',
  ];
  const APT_GET = `echo "apt-get $*" >>"$CALLS"; shift 2
for p; do case "\${LACKING:-} " in *"$p "*) exit 100 ;; esac; echo whole >"\${p%/*}_1.deb"; done`;
  const setUp = (env: Record<string, string> = {}) => machine.up(['setup'], env).done;
  const kept = (folder: string, name = folder) =>
    existsSync(join(machine.cache, folder, `${name}_1.deb`));
  beforeEach(() => {
    machine.add('dpkg-query', 'for p in "$@"; do printf "ii |%s|" "$p"; done');
    machine.add('apt-cache', 'echo "$2:"');
    machine.add('dpkg', 'mkdir -p "$3" && cp "$2" "$3/"');
    machine.add('apt-get', APT_GET);
  });

  test('is fetched once, into the cache, and installed nowhere', async () => {
    expect((await setUp()).code).toBe(0);
    expect(kept(SANITIZER)).toBe(true);
    for (const name of BUNDLES) expect(kept('vst3-bundles', name)).toBe(true);
    expect(kept('vst3-headers', 'libvst3sdk-dev')).toBe(true);
    const asked = machine.calls().filter((call) => call.startsWith('apt-get'));
    expect(asked).toEqual([
      `apt-get download -q ${SANITIZER}`,
      `apt-get download -q ${BUNDLES.join(' ')}`,
      'apt-get download -q libvst3sdk-dev',
    ]);
    expect(await newCalls(() => setUp())).toEqual([]);
  });

  test('comes from the release it was tried with, where that one is known', async () => {
    machine.add('apt-cache', 'echo "$2: release v=13.8,n=trixie,l=Debian"');
    await setUp();
    expect(machine.calls()).toContain('apt-get download -q libvst3sdk-dev/trixie');
    expect(kept('vst3-headers', 'libvst3sdk-dev')).toBe(true);
  });

  test('and cannot be fetched is told, is never half there, and holds nothing up', async () => {
    const { code, err } = await setUp({ LACKING: ` ${SANITIZER} vst3sdk-plugins ` });
    expect(code).toBe(0);
    expect(err).toContain('going on without RealtimeSanitizer');
    expect(err).toContain('going on without VST3 plug-ins');
    const left = readdirSync(machine.cache).filter((name) => !/^(setup|step|swift)/.test(name));
    expect(left).toEqual(['vst3-headers']);
  });

  test('is fetched anew when another list of packages is wanted', async () => {
    await setUp();
    machine.write(
      'scripts/setup/rtsan.sh',
      'ensure_rtsan() { ensure_unpacked vst3-headers x other; }',
    );
    const calls = await newCalls(() => setUp());
    expect(calls).toEqual(['apt-get download -q other', 'apt-get download -q libvst3sdk-dev']);
    expect(kept('vst3-headers', 'libvst3sdk-dev')).toBe(true);
    expect(kept('vst3-headers', 'other')).toBe(false);
  });

  test('is not fetched where set-up is forbidden', async () => {
    await setUp();
    rmSync(join(machine.cache, SANITIZER), { recursive: true });
    expect((await setUp({ FLOWZONE_SETUP: 'never' })).code).toBe(0);
    expect(kept(SANITIZER)).toBe(false);
  });
});

test('a Bun whose checksum is not the pinned one is never unpacked', async () => {
  machine.remove('bun');
  const { code, err } = await start();
  expect(code).toBe(6);
  expect(err).toContain('the checksum is not the pinned one');
  expect(readdirSync(machine.cache).filter((name) => name.startsWith('bun-'))).toEqual([]);
  expect(existsSync(join(machine.tree, 'node_modules'))).toBe(false);
});
