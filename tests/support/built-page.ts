/**
 * The page as it is served. `FLOWZONE_TEST_PAGE` names a folder that all files of one run share: the
 * first builds it. Without it each file builds its own.
 */
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
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

const buildInto = (dist: string) =>
  asServed(() =>
    build({
      configFile: join(WEB, 'vite.config.ts'),
      root: WEB,
      logLevel: 'error',
      build: { outDir: dist, emptyOutDir: true },
    }),
  );

export const buildPage = async (): Promise<BuiltPage> => {
  const shared = process.env['FLOWZONE_TEST_PAGE'];
  if (shared !== undefined && existsSync(shared)) return { dist: shared, remove: () => {} };
  const own = mkdtempSync(join(tmpdir(), 'flowzone-page-'));
  await buildInto(own);
  if (shared === undefined) {
    return { dist: own, remove: () => rmSync(own, { recursive: true, force: true }) };
  }
  renameSync(own, shared);
  return { dist: shared, remove: () => {} };
};
