import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source.ts';

/** A version is one version: no range, no tag, no address. */
const looseVersions = (packageJson: string): string[] => {
  const { dependencies, devDependencies } = JSON.parse(packageJson) as Record<
    string,
    Record<string, string> | undefined
  >;
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${name}: ${version} is not one exact version`);
};

const addresses = (lockFile: string): string[] => lockFile.match(/https?:\/\/[^"\s]+/g) ?? [];

const scriptsWithoutExec = (packageJson: string): string[] =>
  Object.entries((JSON.parse(packageJson) as { scripts: Record<string, string> }).scripts)
    .filter(([, command]) => !command.startsWith('exec '))
    .map(([name]) => `${name}: without exec a signal to npm leaves the command running`);

test('every script becomes its command', () => {
  expect(scriptsWithoutExec(readFileSync(join(ROOT, 'package.json'), 'utf8'))).toEqual([]);
  expect(scriptsWithoutExec('{"scripts":{"start":"sh scripts/up start"}}')).toHaveLength(1);
});

describe('dependencies', () => {
  test('every version is exact', () => {
    expect(looseVersions(readFileSync(join(ROOT, 'package.json'), 'utf8'))).toEqual([]);
    expect(looseVersions('{"dependencies":{"elysia":"^1.4.0"}}')).toHaveLength(1);
  });

  test('the lock file names no address: any registry will do, the checksums decide', () => {
    expect(addresses(readFileSync(join(ROOT, 'bun.lock'), 'utf8'))).toEqual([]);
    expect(addresses('["a@1.0.0", "https://example.org/a.tgz"]')).toHaveLength(1);
  });
});
