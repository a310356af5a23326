/**
 * Syncs a file so that a power cut takes nothing of it, on a Mac too: fsync leaves what is in the drive's
 * own cache where it is there, and Bun has no other call.
 */
import { dlopen, type Pointer, read } from 'bun:ffi';
import { fsyncSync } from 'node:fs';

const F_FULLFSYNC = 51;
const EIO = 5;

/** Of the system's C library: fcntl as it is called without a third argument, and its last error. */
export interface SystemCalls {
  fcntl(file: number, command: number): number;
  lastError(): number;
}

/** Null when the library does not have them. */
export const openCalls = (library: string, lastErrorName: string): SystemCalls | null => {
  try {
    const { symbols } = dlopen(library, {
      fcntl: { args: ['i32', 'i32'], returns: 'i32' },
      [lastErrorName]: { args: [], returns: 'ptr' },
    });
    return {
      fcntl: symbols['fcntl'] as SystemCalls['fcntl'],
      lastError: () => read.i32(symbols[lastErrorName]?.() as Pointer),
    };
  } catch {
    return null;
  }
};

const ofMac = () => openCalls('/usr/lib/libSystem.B.dylib', '__error');

export const makeDriveFlush = (isMac: boolean, open = ofMac) => {
  let calls: SystemCalls | null | undefined;
  return (file: number): void => {
    if (!isMac) return;
    if (calls === undefined) calls = open();
    if (calls === null || calls.fcntl(file, F_FULLFSYNC) !== -1) return;
    // Some network and FAT volumes do not know it: fsync is all they have.
    if (calls.lastError() === EIO)
      throw new Error('EIO: the drive did not write what it was given');
  };
};

/** Of what the drive was given, by fsync of this file or by others; elsewhere fsync has done it. */
export const flushDrive = makeDriveFlush(process.platform === 'darwin');

/** Of an open file or folder. Throws when the disk refused. */
export const fullSync = (file: number): void => {
  fsyncSync(file);
  flushDrive(file);
};
