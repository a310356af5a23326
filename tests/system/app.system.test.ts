import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOME } from '../../scripts/app/layout.ts';
import { launch } from '../../scripts/app/launch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const out = mkdtempSync(join(tmpdir(), 'flowzone-app-'));
const bundle = join(out, 'FlowZone.app');
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('the bundle starts from its own parts, plays, serves its page and ends when it is told to', () => {
  const argv = [process.execPath, 'scripts/app.ts', '--out', out];
  const { exitCode, stdout, stderr } = Bun.spawnSync(argv, { cwd: ROOT });
  expect(stderr.toString()).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout.toString()).toMatch(/started it: page and [1-9]\d* blocks, ended with 0/);
});

test('one whose engine is not where it belongs is found by the launch', async () => {
  rmSync(join(bundle, HOME, '.build'), { recursive: true });
  await expect(launch(bundle)).rejects.toThrow();
});
