/** Real bundles, as the set-up has unpacked them; nothing of them is installed. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../bundle.ts';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flowzone');
const UNPACKED = join(CACHE, 'vst3-bundles');

/** The folder with the bundles in it. */
export const BUNDLES = join(UNPACKED, 'usr/lib/vst3');

/** The official headers. */
export const HEADERS = join(CACHE, 'vst3-headers/usr/include/vst3sdk');

/** What keeps this machine from trying them; empty when nothing does. */
export const whatIsMissing = (): string => {
  if (process.platform !== 'linux') return 'Linux';
  if (!existsSync(HOST)) return 'PluginHostXPC (sh scripts/up build makes it)';
  return existsSync(BUNDLES) ? '' : 'the VST3 plug-ins (sh scripts/up setup fetches them)';
};

export const bundlePaths = (): string[] =>
  readdirSync(BUNDLES)
    .filter((name) => name.endsWith('.vst3'))
    .toSorted()
    .map((name) => join(BUNDLES, name));

/** No screen, as on a machine that only plays; and the libraries that were unpacked beside them. */
export const bundleEnv = (): Record<string, string> => {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return { DISPLAY: '', LD_LIBRARY_PATH: join(UNPACKED, `usr/lib/${machine}-linux-gnu`) };
};
