/** Lays a bundle out on disk. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { HOME, type Layout } from './layout.ts';
import { infoOf } from './plist.ts';

/** What is not there is given to `miss`, which may throw. */
export const stage = (
  root: string,
  bundle: string,
  layout: Layout,
  version: string,
  miss: (path: string) => void,
): void => {
  rmSync(bundle, { recursive: true, force: true });
  for (const { from, to } of layout.copies) {
    const source = isAbsolute(from) ? from : join(root, from);
    const at = join(bundle, to);
    mkdirSync(dirname(at), { recursive: true });
    if (existsSync(source)) cpSync(source, at, { recursive: true, dereference: true });
    else miss(to);
  }
  for (const { at, target } of layout.links) {
    mkdirSync(dirname(join(bundle, at)), { recursive: true });
    symlinkSync(target, join(bundle, at));
  }
  for (const { path } of layout.code) {
    if (existsSync(join(bundle, path))) chmodSync(join(bundle, path), 0o755);
  }
  writeFileSync(join(bundle, 'Contents', 'Info.plist'), infoOf(version));
};

/** What only builds and tests need stays out. */
export const installModules = (bundle: string, bun: string): void => {
  const argv = [bun, 'install', '--production', '--frozen-lockfile', '--ignore-scripts'];
  const { exitCode, stderr } = Bun.spawnSync(argv, { cwd: join(bundle, HOME) });
  if (exitCode !== 0) throw new Error(`the modules could not be installed: ${stderr}`);
};
