/** Calls of the system that no command makes for us: ioctls, and libraries to be preloaded. */
import { dlopen, FFIType, ptr } from 'bun:ffi';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

const OUT = join(import.meta.dirname, '../../../.build/faults');

/** `_IOR('X', 125, u32)` of ext4, and what it is told: nothing more of the journal is written. */
const SHUTDOWN = 0x80_04_58_7d;
const NO_LOG_FLUSH = 2;

const ask = (folder: string, request: number, value: number): void => {
  const { symbols } = dlopen('libc.so.6', {
    ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
  });
  const fd = openSync(folder, 'r');
  try {
    const argument = new Uint32Array([value]);
    if (symbols.ioctl(fd, request, ptr(argument)) !== 0) {
      throw new Error(`ioctl 0x${request.toString(16)} on ${folder} was refused`);
    }
  } finally {
    closeSync(fd);
  }
};

/** From this moment on nothing more reaches the disk below this file system. */
export const cutPower = (folder: string): void => ask(folder, SHUTDOWN, NO_LOG_FLUSH);

/** Compiles C; `flags` come last, as libraries must. */
export const compile = (output: string, source: string, flags: readonly string[]): string => {
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, output);
  const argv = ['cc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', path, source, ...flags];
  const done = Bun.spawnSync(argv, { stderr: 'pipe' });
  if (!done.success) throw new Error(`${output}: ${done.stderr.toString()}`);
  return path;
};
