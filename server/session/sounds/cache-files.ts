/**
 * The folder of rendered sounds: in it are files that can be made again, and no others.
 *
 * Takes never lie here, so that nothing that is removed can be missed. What cannot be removed now is
 * at the next start.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface CacheFiles {
  readonly folder: string;
  remove(sha256: string): void;
  /** Keeps the file for whoever wants to know what became of it, until the next start. */
  setAside(sha256: string): void;
  /** Removes what a killed engine left, and what was set aside. */
  keepOnly(hashes: readonly string[]): void;
}

const nameOf = (sha256: string): string => `${sha256}.wav`;

export const makeCacheFiles = (
  dataFolder: string,
  onError: (error: unknown) => void,
): CacheFiles => {
  const folder = join(dataFolder, 'cache');
  const pathOf = (sha256: string) => join(folder, nameOf(sha256));
  return {
    folder,
    remove: (sha256) => void rm(pathOf(sha256), { force: true }).catch(onError),
    setAside(sha256) {
      // One that is missing needs no place aside.
      if (!existsSync(pathOf(sha256))) return;
      rename(pathOf(sha256), join(folder, `bad-${nameOf(sha256)}`)).catch(onError);
    },
    keepOnly(hashes) {
      if (!existsSync(folder)) return;
      const kept = new Set(hashes.map(nameOf));
      try {
        for (const name of readdirSync(folder)) {
          if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
        }
      } catch (error) {
        onError(error);
      }
    },
  };
};
