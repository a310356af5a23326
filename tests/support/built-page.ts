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

/** What a test runs in is no production, and Solid would bring along what helps its developers. */
const asServed = async (run: () => Promise<unknown>) => {
  const before = process.env.NODE_ENV ?? 'test';
  process.env.NODE_ENV = 'production';
  try {
    await run();
  } finally {
    process.env.NODE_ENV = before;
  }
};

export const buildPage = async (): Promise<BuiltPage> => {
  const dist = mkdtempSync(join(tmpdir(), 'flowzone-page-'));
  await asServed(() =>
    build({
      configFile: join(WEB, 'vite.config.ts'),
      root: WEB,
      logLevel: 'error',
      build: { outDir: dist, emptyOutDir: true },
    }),
  );
  return { dist, remove: () => rmSync(dist, { recursive: true, force: true }) };
};
