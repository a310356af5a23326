/** The files of the trash: into it, back, and out of it for good; also when `audio` is another disk. */
import { existsSync, readFileSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { copySynced, syncPath } from '../../synced-files.ts';

/** What a sweep does to files; each throws when the disk refuses, and can be repeated. */
export interface TrashFiles {
  isInAudio(sha256: string): boolean;
  /** In `audio`, and not what its name promises: what was finished since is no longer torn. */
  isTorn(sha256: string): boolean;
  /** Out of `audio` into the trash. */
  drop(sha256: string): void;
  /** Back into `audio`, unless one of this name is there. */
  takeBack(sha256: string): void;
  /** Out of the trash for good. */
  remove(sha256: string): void;
}

const hashOf = (path: string): string =>
  new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');

const isOtherDisk = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'EXDEV';

/** Whole in one of the two places at any moment, and synced in the new one. */
export const move = (from: string, to: string): void => {
  try {
    renameSync(from, to);
    syncPath(dirname(to));
  } catch (error) {
    if (!isOtherDisk(error)) throw error;
    copySynced(from, to);
    unlinkSync(from);
  }
};

export const trashFiles = (dataFolder: string): TrashFiles => {
  const [audio, trash] = [join(dataFolder, 'audio'), join(dataFolder, 'trash')];
  makeFolder(trash);
  const inAudio = (sha256: string) => join(audio, `${sha256}.wav`);
  const inTrash = (sha256: string) => join(trash, `${sha256}.wav`);
  return {
    isInAudio: (sha256) => existsSync(inAudio(sha256)),
    isTorn: (sha256) => existsSync(inAudio(sha256)) && hashOf(inAudio(sha256)) !== sha256,
    drop: (sha256) => move(inAudio(sha256), inTrash(sha256)),
    takeBack(sha256) {
      if (existsSync(inAudio(sha256)) || !existsSync(inTrash(sha256))) return;
      move(inTrash(sha256), inAudio(sha256));
    },
    remove(sha256) {
      rmSync(inTrash(sha256), { force: true });
    },
  };
};
