/** The disk is filled until only so much is left, and made free again. */
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Trouble } from './trouble.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';

const DISK_MEGABYTES = 96;
/** Fill levels: level k leaves k times this much. */
export const LEVELS = 50;
const LEVEL_BYTES = 65_536;
const BLOCK_BYTES = 4096;

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Writes until no more than `leave` bytes are free, or until nothing more fits. */
export const fill = (path: string, folder: string, leave: number): void => {
  const fd = openSync(path, 'w');
  try {
    for (;;) {
      const bytes = Math.min(1_048_576, freeBytes(folder) - leave);
      if (bytes < BLOCK_BYTES) return;
      if (writeSync(fd, new Uint8Array(bytes)) < bytes) return;
    }
  } catch {
    // It is full: that was wanted.
  } finally {
    closeSync(fd);
  }
};

export const fullDisk: Trouble = {
  missing: missingForDisks,
  // The last level is used up within seconds.
  alertMsMax: 8000,
  prepare(seed) {
    const home = makeDiskFolder();
    const disk = new LoopDisk(DISK_MEGABYTES);
    const path = join(disk.folder, 'fill');
    return Promise.resolve({
      home,
      data: join(disk.folder, 'data'),
      begin() {
        fill(path, disk.folder, (seed % LEVELS) * LEVEL_BYTES);
        return Promise.resolve();
      },
      end() {
        rmSync(path);
        return Promise.resolve();
      },
      remove() {
        disk.remove();
        removeDiskFolder(home);
        return Promise.resolve();
      },
    });
  },
};
