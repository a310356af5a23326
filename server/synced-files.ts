/** Changes of files that survive a power cut once they return. */
import { closeSync, copyFileSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { flushDrive, fullSync } from './full-sync.ts';

const OWNER_ONLY = 0o600;
const OWNERS_FOLDER = 0o700;

/** Of a folder: the names in it. */
export const syncPath = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fullSync(file);
  } finally {
    closeSync(file);
  }
};

/** With those above it that are not there; one that is there may have been left unsynced. */
export const makeFolderSynced = (path: string, sync = syncPath): void => {
  const whole = resolve(path);
  const first = mkdirSync(whole, { recursive: true, mode: OWNERS_FOLDER }) ?? whole;
  let at = whole;
  do {
    at = dirname(at);
    sync(at);
  } while (at.length >= first.length);
};

/** Within one file system. */
export const renameSynced = (from: string, to: string): void => {
  renameSync(from, to);
  syncPath(dirname(to));
  if (dirname(from) !== dirname(to)) syncPath(dirname(from));
};

/** Whole under its name, or not there. */
export const copySynced = (from: string, to: string): void => {
  const temporary = `${to}.tmp`;
  copyFileSync(from, temporary);
  syncPath(temporary);
  renameSynced(temporary, to);
};

/** The old contents or the new, never anything between. */
export const writeSynced = (path: string, text: string): void => {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text, { mode: OWNER_ONLY });
  syncPath(temporary);
  renameSynced(temporary, path);
};

/** The same beside the event loop: a disk that stands still holds up nobody but who waits for it. */
export const storeSynced = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', OWNER_ONLY);
  try {
    // One that was left there keeps its mode otherwise.
    await file.chmod(OWNER_ONLY);
    await file.writeFile(text);
    await file.sync();
    flushDrive(file.fd);
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
    flushDrive(folder.fd);
  } finally {
    await folder.close();
  }
};
