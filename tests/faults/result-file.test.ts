/** Which FlowZone a result is of: trials of two never stand in one file. */
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Build, buildName, buildNow, sourcesHash } from './build.ts';
import { pathOf, readResult, ResultFile } from './result-file.ts';
import { promised, type Row } from './row.ts';
import { runRow } from './run-row.ts';

const home = mkdtempSync(join(tmpdir(), 'flowzone-results-'));
afterAll(() => rmSync(home, { recursive: true }));

const buildOf = (sources: string, isDirty = false): Build => ({
  commit: 'c0ffee0'.padEnd(40, '0'),
  isDirty,
  sources,
});

const rig = {
  missing: (): string | null => null,
  open: () =>
    Promise.resolve({
      trial: () => Promise.resolve({ faults: [], counts: { acks: 1 } }),
      close: () => Promise.resolve([]),
    }),
};
const row = (id: string): Row => promised(id, 'x', 'y', { short: 1, full: 9, rig });

const run = async (of: Row, build: () => Build, trials: number) => {
  const said: string[] = [];
  const file = new ResultFile(home, of, { seed: 1, isFresh: false, build });
  await runRow(of, file, { trials, mayGoOn: () => true, say: (line) => said.push(line) });
  return { said, stored: readResult(pathOf(home, of)) };
};

test('a result names the commit and the sources it is of', async () => {
  const { stored } = await run(row('1'), () => buildOf('a'), 1);
  expect(stored?.build).toEqual(buildOf('a'));
});

test('the same sources go on; once changed in anything else, that is kept', async () => {
  await run(row('2'), () => buildOf('a', true), 2);
  const { said, stored } = await run(row('2'), () => buildOf('a'), 3);
  expect([stored?.trials.length, stored?.build?.isDirty]).toEqual([3, true]);
  expect(said.some((line) => line.includes('anew'))).toBe(false);
});

test('other sources begin anew, and say so', async () => {
  await run(row('3'), () => buildOf('a'), 3);
  const { said, stored } = await run(row('3'), () => buildOf('b'), 1);
  expect(said[0]).toBe('3: begins anew: 3 trials were of other sources (c0ffee0)');
  expect([stored?.trials.length, stored?.build?.sources]).toEqual([1, 'b']);
});

test('so do trials from before commits were noted', async () => {
  const of = row('4');
  const { stored } = await run(of, () => buildOf('a'), 2);
  const { build: _, ...old } = stored ?? {};
  writeFileSync(pathOf(home, of), JSON.stringify(old));
  const again = await run(of, () => buildOf('a'), 1);
  expect(again.said[0]).toContain('before commits were noted');
  expect(again.stored?.trials.length).toBe(1);
});

test('a trial during which the sources change counts for neither', async () => {
  const builds = ['a', 'a', 'b'];
  const build = () => buildOf(builds.shift() ?? 'b');
  await expect(run(row('5'), build, 3)).rejects.toThrow('the sources changed during a trial');
  const stored = readResult(pathOf(home, row('5')));
  expect([stored?.trials.length, stored?.build?.sources]).toEqual([1, 'a']);
});

test('what other sources proved stays until a trial of these has run', async () => {
  const of = row('6');
  await run(of, () => buildOf('a'), 2);
  const lacking = { ...of, rig: { ...rig, missing: () => 'no disk' } };
  const { stored } = await run(lacking, () => buildOf('b'), 2);
  expect([stored?.trials.length, stored?.skipped, stored?.build?.sources]).toEqual([2, null, 'a']);
});

const planted = (root: string, files: Record<string, string>) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};

test('the hash is of names and contents of the product and what tries it, and of nothing else', () => {
  const root = join(home, 'product');
  planted(root, {
    'Package.swift': 'p',
    'Sources/A/a.swift': 'a',
    'protocol/limits.ts': 'l',
    'server/main.ts': 'm',
  });
  const first = sourcesHash(root);
  planted(root, {
    'tests/a.test.ts': 't',
    'Sources/.DS_Store': 'x',
    'tests/faults/results/row-01.json': '{}',
    'tests/outages/results/row-gateway.json': '{}',
    'tests/faults/judge/judge.test.ts': 't',
    'tests/FlowCoreTests/ClickTests.swift': 's',
  });
  expect(sourcesHash(root)).toBe(first);
  const hashes = [
    { 'server/main.ts': 'n' },
    { 'Package.swift': 'q' },
    { 'Sources/B/a.swift': 'a' },
    { 'tests/faults/rigs/kill.ts': 'k' },
    { 'tests/judge/wav.ts': 'w' },
    { 'tests/outages/rows.ts': 'o' },
    { 'tests/FlowCoreTests/DiskSimulation.swift': 's' },
  ].map((change) => {
    planted(root, change);
    return sourcesHash(root);
  });
  expect(new Set([first, ...hashes]).size).toBe(8);
});

test('results alone make no tree dirty', () => {
  const root = join(home, 'tree');
  const git = (...words: string[]) =>
    Bun.spawnSync(['git', '-C', root, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words]);
  planted(root, { 'Package.swift': 'p', 'Sources/a': 'a', 'protocol/a': 'a', 'server/a': 'a' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'x');
  planted(root, { 'tests/faults/results/row-01.json': '{}', 'RELIABILITY.md': '' });
  const clean = buildNow(root);
  expect([clean.isDirty, buildName(clean)]).toEqual([false, clean.commit?.slice(0, 7) ?? '']);
  planted(root, { 'tests/faults/rows.ts': '' });
  expect(buildName(buildNow(root))).toBe(`${clean.commit?.slice(0, 7)} and changes`);
});
