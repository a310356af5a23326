/** Builds the library that leaves one kind of sync out: for negative controls. */
import { join } from 'node:path';
import { compile } from './native.ts';

/** `none`: it is loaded and leaves nothing out; `trust`: what fails is called done. */
export type LazySync = 'file' | 'folder' | 'wal' | 'none' | 'trust';

/** What a process needs in its environment to sync like that. */
export const lazySyncEnv = (kind: LazySync): Record<string, string> => ({
  LD_PRELOAD: compile('liblazysync.so', join(import.meta.dirname, 'lazy-sync.c'), [
    '-shared',
    '-fPIC',
    '-ldl',
  ]),
  FZ_LAZY_SYNC: kind,
});
