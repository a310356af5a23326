/** A rig each trial of which has a disk of its own, and a folder beside it that does not suffer. */
import type { Rig, TrialResult } from '../rig.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';

export type DiskTrial = (home: string, disk: LoopDisk, seed: number) => Promise<TrialResult>;

export const onLoopDisk = (megabytes: number, runTrial: DiskTrial): Rig => ({
  missing: missingForDisks,
  open: () =>
    Promise.resolve({
      async trial(seed) {
        const home = makeDiskFolder();
        const disk = new LoopDisk(megabytes);
        try {
          return await runTrial(home, disk, seed);
        } finally {
          disk.remove();
          removeDiskFolder(home);
        }
      },
      close: () => Promise.resolve([]),
    }),
});
