/** Builds the library that leaves one kind of sync out: for negative controls. */
import { join } from 'node:path';
import { compile } from './native.ts';

/** `none`: it is loaded and leaves nothing out. */
export type LazySync = 'file' | 'folder' | 'wal' | 'none';

/** The library to preload; `FZ_LAZY_SYNC` says which kind. */
export const buildLazySync = (): string =>
  compile('liblazysync.so', join(import.meta.dirname, 'lazy-sync.c'), ['-shared', '-fPIC', '-ldl']);
