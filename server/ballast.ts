/**
 * A file of nothing beside the session file: on a full disk it gives its room to the last rows, and to
 * the next start.
 *
 * Recording stops long before it may take that room for itself, see `DiskHealth`.
 */
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'ballast';
const BALLAST_BYTES = 4_194_304;
/** It is laid while so much would be left, so that it never is what fills a disk. */
const ROOM_BYTES_MIN = 16 * BALLAST_BYTES;

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** Of the error, or of what it was caused by. */
const hasCode = (error: unknown, codes: RegExp): boolean =>
  error instanceof Error && (codes.test(codeOf(error)) || hasCode(error.cause, codes));

/**
 * Whether it may succeed where there is more room. A full disk is an I/O error to SQLite where it maps
 * a file.
 */
export const wantsRoom = (error: unknown): boolean =>
  hasCode(error, /^(SQLITE_(FULL|IOERR|CANTOPEN)|(ENOSPC|EDQUOT)$)/);

/** Whether the disk itself has no room left. */
export const isFull = (error: unknown): boolean => hasCode(error, /^(SQLITE_FULL|ENOSPC|EDQUOT)$/);

export class Ballast {
  readonly #folder: string;
  readonly #path: string;

  constructor(dataFolder: string) {
    this.#folder = dataFolder;
    this.#path = join(dataFolder, NAME);
  }

  /** Lays it when it is not there and there is room to spare; a disk that refuses is left alone. */
  lay(): void {
    try {
      if (this.#bytes() === BALLAST_BYTES) return;
      const { bavail, bsize } = statfsSync(this.#folder);
      if (bavail * bsize < ROOM_BYTES_MIN) return;
      // Not zeros: a file system may keep those without taking room for them.
      writeFileSync(this.#path, Buffer.alloc(BALLAST_BYTES, NAME), { mode: 0o600 });
    } catch {
      rmSync(this.#path, { force: true });
    }
  }

  /** Gives its room away; false when there was none to give. */
  drop(): boolean {
    try {
      if (this.#bytes() === 0) return false;
      rmSync(this.#path, { force: true });
      return true;
    } catch {
      // The disk does nothing any more.
      return false;
    }
  }

  /** What fails for want of room is tried once more in the room that this gives. */
  letting<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      if (!wantsRoom(error) || !this.drop()) throw error;
      return act();
    }
  }

  #bytes(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
