/** Small real disks in memory, to be filled to the last byte; only where they can be mounted. */
import { expect } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

const mounts: string[] = [];

/** In a folder of its own in this one; with further words for `mount -o`. */
export const smallDisk = (folder: string, megabytes: number, ...more: string[]): string => {
  const path = mkdtempSync(join(folder, 'disk-'));
  const options = [`size=${megabytes}m`, ...more].join(',');
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  expect(made.status).toBe(0);
  mounts.push(path);
  return path;
};

/** Call it before the folders are removed. */
export const unmountAll = (): void => {
  for (const mount of mounts.splice(0)) spawnSync('umount', ['-l', mount]);
};

/** Until not one more page fits; removing the file `fill` gives the room back. */
export const fill = (disk: string): void => {
  const fd = openSync(join(disk, 'fill'), 'w');
  for (const bytes of [1_048_576, 4096]) {
    try {
      for (;;) if (writeSync(fd, new Uint8Array(bytes)) < bytes) break;
    } catch {
      // It is full: that was wanted.
    }
  }
  closeSync(fd);
};
