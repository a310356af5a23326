/**
 * Audio Units: macOS keeps a list of them, so there are no bundles to be read. All of them together
 * are one bundle here, which a child lists without loading any of them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from './bundle.ts';

/** In the place of a folder, of a bundle's path, and in what a host is asked to load. */
export const UNITS = 'audiounit:';

/** Where what comes and goes is news. Units of version 3 are parts of apps, anywhere. */
export const componentFolders = (home: string = homedir()): string[] => {
  const folder = join('Library', 'Audio', 'Plug-Ins', 'Components');
  return [join(home, folder), join('/', folder)];
};

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
};

const traceOf = (path: string): string =>
  `${path}.${statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0}`;

/**
 * @param engine Another one for each engine: what apps bring is seen in no folder, so that each looks
 *   once.
 */
export const readUnits = (engine: string, folders: readonly string[]): Bundle => {
  const says = createHash('sha256');
  for (const folder of folders) {
    for (const name of entriesOf(folder)) says.update(traceOf(join(folder, name)));
  }
  const key = [UNITS, engine, says.digest('hex').slice(0, 32)].join('|');
  return { path: UNITS, name: 'Audio Units', binary: null, moduleInfo: null, key };
};
