/** Builds the library that refuses memory for the blocks of the second buffer. */
import { join } from 'node:path';
import { compile } from './native.ts';

/** What a process needs in its environment to have only so many blocks of so many bytes. */
export const noMemoryEnv = (blockBytes: number, blocks: number): Record<string, string> => ({
  LD_PRELOAD: compile('libnomemory.so', join(import.meta.dirname, 'no-memory.c'), [
    '-shared',
    '-fPIC',
    '-ldl',
  ]),
  FZ_BLOCK_BYTES: `${blockBytes}`,
  FZ_BLOCKS: `${blocks}`,
});
