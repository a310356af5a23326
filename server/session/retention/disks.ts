/** The disks that the recording lies on: each is full, or has room, for itself. */
import { statfsSync, statSync } from 'node:fs';

export interface DiskFigures {
  readonly freeBytes: number;
  readonly diskBytes: number;
}

export interface Disk extends DiskFigures {
  /** What is removed from one gives no room on another. */
  readonly device: number;
}

const NO_DEVICE = -1;

/** Of a disk that cannot be asked nothing is known, and nothing goes for the sake of its space. */
export const diskOf = (folder: string): Disk => {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    const { dev: device } = statSync(folder);
    return { device, freeBytes: bavail * bsize, diskBytes: blocks * bsize };
  } catch {
    return { device: NO_DEVICE, freeBytes: 0, diskBytes: 0 };
  }
};

/** Asks once for each folder. */
export const askedOnce = (disk: (folder: string) => Disk): ((folder: string) => Disk) => {
  const known = new Map<string, Disk>();
  return (folder) => {
    const found = known.get(folder) ?? disk(folder);
    known.set(folder, found);
    return found;
  };
};
