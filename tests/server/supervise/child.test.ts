import { expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_VARIABLE } from '../../../server/config.ts';
import { Child } from '../../../server/supervise/child.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-child-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Asks it to end and waits four seconds for a word of it; whether it came to its end by itself. */
const endsByItself = async (how: string): Promise<boolean> => {
  const hears = join(folder, how);
  const { promise, resolve } = Promise.withResolvers<void>();
  const child = new Child({
    argv: [process.execPath, join(import.meta.dirname, 'fixture-child.ts')],
    env: () => ({
      ...process.env,
      FIXTURE: how,
      HEARS: hears,
      [CONFIG_VARIABLE]: JSON.stringify({ port: 0 }),
    }),
    onSpawn: () => undefined,
    onMessage: ({ t }) => t === 'ready' && resolve(),
    onSilent: () => false,
    onDeath: () => false,
    onError: () => undefined,
  });
  child.start();
  await promise;
  await child.end(false, 4000);
  return existsSync(hears);
};

test('a child that says that it drains is waited for longer than one that says nothing', async () => {
  const [drains, says] = await Promise.all([endsByItself('drain'), endsByItself('deaf')]);
  expect({ drains, says }).toEqual({ drains: true, says: false });
}, 30_000);
