import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutantEnv } from './mutant.ts';

/** Modules of the product are found from there as from anywhere in it. */
const BUILD = join(import.meta.dirname, '../../../.build');

/** Tells a limit of the product, as its first thread and a worker of it know it. */
const PROBE = `
import { LIMITS } from '../../protocol/limits.ts';
if (Bun.isMainThread) {
  const worker = new Worker(import.meta.url);
  worker.onmessage = ({ data }) => {
    console.log(JSON.stringify([LIMITS.clientCountMax, data]));
    process.exit(0);
  };
} else postMessage(LIMITS.clientCountMax);
`;

test('a mutant is one in its first thread and in its workers', () => {
  mkdirSync(BUILD, { recursive: true });
  const folder = mkdtempSync(join(BUILD, 'mutant-'));
  try {
    const path = join(folder, 'probe.ts');
    writeFileSync(path, PROBE);
    const toldWith = (env: Record<string, string>): number[] => {
      const { stdout } = Bun.spawnSync([process.execPath, path], {
        env: { ...process.env, ...env },
      });
      return JSON.parse(stdout.toString()) as number[];
    };
    const [whole] = toldWith({});
    expect(toldWith({})).toEqual([whole, whole] as number[]);
    const mutation = {
      file: 'protocol/limits.ts',
      from: `clientCountMax: ${whole},`,
      to: 'clientCountMax: 1234,',
    };
    expect(toldWith(mutantEnv(mutation))).toEqual([1234, 1234]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
