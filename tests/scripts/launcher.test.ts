/** The program of FlowZone.app, with a script in place of Bun. */
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'flowzone-launcher-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contents = join(folder, 'Contents');
const launcher = join(contents, 'MacOS', 'FlowZone');
const bun = join(contents, 'Helpers', 'bun');
const runs = join(folder, 'runs');
for (const at of ['MacOS', 'Helpers', 'Resources/flowzone']) {
  mkdirSync(join(contents, at), { recursive: true });
}
const built = Bun.spawnSync(
  ['cc', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-o', launcher, 'scripts/app/launcher.c'],
  { cwd: ROOT },
);

/** How each run of the product ends: the last one like all that follow. */
const play = (...endings: string[]) => {
  const cases = endings.map((ending, index) => `${index + 1}) ${ending};;`).join(' ');
  const script = `#!/bin/sh
echo "$*" >> "${runs}"
case $(($(wc -l < "${runs}"))) in ${cases} *) ${endings.at(-1)};; esac
`;
  rmSync(runs, { force: true });
  writeFileSync(bun, script, { mode: 0o755 });
};

const start = (...args: string[]) =>
  Bun.spawn([launcher, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

/** With what it was called, each time. */
const calls = () => readFileSync(runs, 'utf8').trimEnd().split('\n');

test('it is built without a warning', () => {
  expect(built.stderr.toString()).toBe('');
});

test('what ends by itself is not started again, and its code is handed on', async () => {
  for (const code of [0, 2, 3, 4, 5, 6]) {
    play(`exit ${code}`);
    expect(await start('--port', '4801').exited).toBe(code);
    expect(calls()).toEqual(['server/main.ts --port 4801']);
  }
});

test('what died is started again, and opens no second page', async () => {
  play('kill -KILL $$', 'exit 1', 'exit 0');
  expect(await start('--lan').exited).toBe(0);
  expect(calls()).toEqual([
    'server/main.ts --lan',
    'server/main.ts --lan --no-open',
    'server/main.ts --lan --no-open',
  ]);
});

test('the third death within a minute is the last', async () => {
  play('kill -SEGV $$');
  expect(await start().exited).toBe(128 + 11);
  expect(calls()).toHaveLength(3);
});

test('what was told to end is not started again, however it ends', async () => {
  play('kill -TERM $PPID; exec sleep 30');
  expect(await start().exited).toBe(128 + 15);
  expect(calls()).toHaveLength(1);
});
