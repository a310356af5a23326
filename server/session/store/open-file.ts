/** Opens the session file, also on a disk that has no room left for what SQLite keeps beside it. */
import { rmSync } from 'node:fs';
import { type Ballast, isFull, wantsRoom } from '../../ballast.ts';
import { databasePath, openStore } from './mend.ts';
import type { CommittedWrite } from './write-requests.ts';

export type OpenedFile = ReturnType<typeof openStore> & {
  /** No other connection can read it: it is to be opened anew when there is room. */
  readonly isAlone: boolean;
};

/** What is begun of the index for others takes the room of rows; nobody else has the file open now. */
const removeShared = (dataFolder: string): void => {
  try {
    rmSync(`${databasePath(dataFolder)}-shm`, { force: true });
  } catch {
    // It stays, and takes room.
  }
};

/** Rows can be read then, and written as soon as they fit. */
export const openFile = (
  dataFolder: string,
  atMs: number,
  ballast: Ballast,
  owed: readonly CommittedWrite[] = [],
): OpenedFile => {
  const open = (isAlone: boolean) => openStore(dataFolder, atMs, { isAlone, owed });
  try {
    return { ...ballast.letting(() => open(false)), isAlone: false };
  } catch (error) {
    if (!wantsRoom(error)) throw error;
    const opened = open(true);
    removeShared(dataFolder);
    return { ...opened, isAlone: true };
  }
};

/** What a start is refused with when it needs room that is not there; anything else stays as it is. */
export const asRefusal = (dataFolder: string, error: unknown): unknown =>
  isFull(error)
    ? new Error(
        `The disk with the data folder ${dataFolder} is full, and this start has to write to it. ` +
          'What was saved is safe. Make some room on that disk and start again.',
        { cause: error },
      )
    : error;
