/** What macOS is told, with a script in place of its `dns-sd`. */
import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advertiseByResponder } from '../../../server/gateway/pairing/advertise-mac.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowzone-dns-sd-'));
afterAll(() => rmSync(folder, { recursive: true }));

const told = join(folder, 'told');
const program = join(folder, 'dns-sd');
// Says with what it was called, then runs for ever, as the real one.
const script = `#!/bin/sh
for one in "$@"; do echo "$one"; done > "${told}.part"
echo "$PPID" >> "${told}.part"
echo "$$" >> "${told}.part"
mv "${told}.part" "${told}"
while :; do sleep 1; done
`;
writeFileSync(program, script, { mode: 0o755 });

const LONG_MS = 20_000;

const until = async (holds: () => boolean): Promise<boolean> => {
  const deadline = performance.now() + LONG_MS;
  while (!holds() && performance.now() < deadline) await Bun.sleep(5);
  return holds();
};

/** What it was called with, and its number. */
const called = async (): Promise<string[]> => {
  expect(await until(() => existsSync(told))).toBe(true);
  const lines = readFileSync(told, 'utf8').trimEnd().split('\n');
  rmSync(told);
  return lines;
};

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const hasEnded = (pid: number) => until(() => !isAlive(pid));

const place = { addresses: () => ['192.168.1.7'], name: 'studio.local' };

test(
  'name, kind, port and path are told, until it is stopped',
  async () => {
    const advertisement = advertiseByResponder({ place, port: 4800, log: () => {} }, program);
    await advertisement.begun;
    const lines = await called();
    const pid = Number(lines.pop());
    const shell = Number(lines.pop());
    expect(lines).toEqual([
      '-R',
      'FlowZone on studio (4800)',
      '_http._tcp',
      'local',
      '4800',
      'path=/',
    ]);
    expect(isAlive(pid)).toBe(true);
    process.kill(shell, 'SIGINT');
    advertisement.stop();
    expect(await hasEnded(pid)).toBe(true);
  },
  LONG_MS,
);

test(
  'a gateway that is killed leaves nobody behind who tells of it',
  async () => {
    const source = join(import.meta.dirname, '../../../server/gateway/pairing/advertise-mac.ts');
    const gateway = `
    const { advertiseByResponder } = await import(${JSON.stringify(source)});
    const place = { addresses: () => [], name: null };
    advertiseByResponder({ place, port: 4801, log() {} }, ${JSON.stringify(program)});
    setInterval(() => {}, 1000);`;
    const child = Bun.spawn([process.execPath, '-e', gateway], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const lines = await called();
    expect(lines[1]).toBe('FlowZone on this computer (4801)');
    child.kill('SIGKILL');
    await child.exited;
    expect(await hasEnded(Number(lines.at(-1)))).toBe(true);
  },
  LONG_MS,
);
