/** The folders inside the data folder, which itself is made by a start alone. */
import { mkdirSync } from 'node:fs';

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/**
 * Makes it, for its owner alone, in a folder that is there. One that is not was moved away, or its disk
 * was: made anew, it would take what belongs to the other.
 */
export const makeFolder = (path: string): void => {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isThere(error)) throw error;
  }
};
