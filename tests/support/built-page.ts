/** The page as it is served, built once per test file into a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const WEB = join(import.meta.dirname, '../../web');

export interface BuiltPage {
  readonly dist: string;
  remove(): void;
}

export const buildPage = async (): Promise<BuiltPage> => {
  const dist = mkdtempSync(join(tmpdir(), 'flowzone-page-'));
  await build({
    configFile: join(WEB, 'vite.config.ts'),
    root: WEB,
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
  });
  return { dist, remove: () => rmSync(dist, { recursive: true, force: true }) };
};
