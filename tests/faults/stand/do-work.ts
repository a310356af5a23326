/** Has a piece of the store's work done in a process of its own, which can be cut off. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type LazySync, lazySyncEnv } from './lazy-sync.ts';
import type { StoreWork } from './store-work.ts';

const SCRIPT = join(import.meta.dirname, 'store-work.ts');

export interface HowToWork {
  readonly work: StoreWork;
  /** Leaves one kind of sync out, so that the judge has something to find. */
  readonly lazy?: LazySync;
}

/** The age of a segment is that of its file. */
export const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, preserveTimestamps: true });

interface Ends {
  /** Null = it is let end. */
  readonly cut: { afterMs: number; now(): void } | null;
  /** Of a disk that refuses or is gone it may complain. */
  readonly mayComplain?: boolean;
}

interface Work {
  readonly ms: number;
  readonly isDone: boolean;
}

export const doWork = async (
  { lazy, work }: HowToWork,
  folder: string,
  { cut, mayComplain = cut !== null }: Ends = { cut: null },
): Promise<Work> => {
  const child = Bun.spawn([process.execPath, SCRIPT, work, folder], {
    env: { ...process.env, ...(lazy && lazySyncEnv(lazy)) },
    stdout: 'pipe',
    stderr: mayComplain ? 'ignore' : 'inherit',
  });
  try {
    let said = '';
    let beganMs = 0;
    const text = new TextDecoder();
    const heard = (async () => {
      for await (const bytes of child.stdout) {
        said += text.decode(bytes);
        if (beganMs === 0 && said.startsWith('begun')) {
          beganMs = performance.now();
          if (cut) {
            await Bun.sleep(cut.afterMs);
            cut.now();
            child.kill('SIGKILL');
          }
        }
      }
    })();
    await child.exited;
    await heard;
    return { ms: performance.now() - beganMs, isDone: said.includes('done') };
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
};
