/** Lays a bundle out on disk. */
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { HOME, type Layout } from './layout.ts';
import { infoOf } from './plist.ts';

export const stage = (root: string, bundle: string, layout: Layout, version: string): void => {
  rmSync(bundle, { recursive: true, force: true });
  for (const { from, to } of layout.copies) {
    const at = join(bundle, to);
    mkdirSync(dirname(at), { recursive: true });
    cpSync(isAbsolute(from) ? from : join(root, from), at, { recursive: true, dereference: true });
  }
  for (const { at, target } of layout.links) {
    mkdirSync(dirname(join(bundle, at)), { recursive: true });
    symlinkSync(target, join(bundle, at));
  }
  for (const { path } of layout.code) chmodSync(join(bundle, path), 0o755);
  writeFileSync(join(bundle, 'Contents', 'Info.plist'), infoOf(version));
};

/** What only builds and tests need stays out. */
export const installModules = (bundle: string, bun: string): void => {
  const argv = [bun, 'install', '--production', '--frozen-lockfile', '--ignore-scripts'];
  const { exitCode, stderr } = Bun.spawnSync(argv, { cwd: join(bundle, HOME) });
  if (exitCode !== 0) throw new Error(`the modules could not be installed: ${stderr}`);
};
