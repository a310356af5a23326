/** A tree of its own in which one file at a time is wrong. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './table.ts';

export const sourceOf = (file: string) =>
  file.startsWith('Unit')
    ? `Sources/PluginHostXPC/Unit/${file}.swift`
    : `Sources/FlowCore/Devices/Apple/${file}.swift`;

const PARTS = [
  'Package.swift',
  'Sources',
  'tests/Stubs',
  'tests/StubTests',
  'tests/AppleTests',
  'tests/FlowCoreTests',
  'tests/PluginFixture',
  'tests/PluginHostTests',
];

/** Sources are copied; what was built there before stays, so that only what differs is built. */
export const makeTree = (root: string): string => {
  const tree = join(root, '.build', 'mutants', 'tree');
  mkdirSync(join(tree, 'tests'), { recursive: true });
  for (const part of PARTS) {
    rmSync(join(tree, part), { recursive: true, force: true });
    cpSync(join(root, part), join(tree, part), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
  }
  return tree;
};

/** Puts the error in; the function that is given back takes it out. */
export const apply = (tree: string, { file, from, to }: Mutant): (() => void) => {
  const path = join(tree, sourceOf(file));
  const right = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    right.replace(from, () => to),
  );
  return () => writeFileSync(path, right);
};
