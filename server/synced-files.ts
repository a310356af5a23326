/** Changes of files that survive a power cut once they return. */
import { closeSync, copyFileSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Of a folder: the names in it. */
export const syncPath = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
  writeFileSync(temporary, text, { mode: 0o600 });
  syncPath(temporary);
  renameSynced(temporary, path);
};
