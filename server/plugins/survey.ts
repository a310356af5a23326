/** Looks through the folders for bundles: what is there, and when it was last touched. */
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

export interface Found {
  /** Canonical. */
  readonly path: string;
  /** Which of the folders it was found in. */
  readonly folder: number;
  /** Another one when a file in it came, went or grew. */
  readonly print: string;
  /** When the newest change of it was made, wall clock, Unix ms. */
  readonly changedMs: number;
}

export interface Survey {
  /** In the order of the folders, then of their names. */
  readonly bundles: readonly Found[];
  /** Every folder that was looked into; what changes in one of them may be news. */
  readonly looked: readonly string[];
}

/** Makers' folders in the folder, and their folders; deeper nobody puts plug-ins. */
const DEPTH_MAX = 4;
const BUNDLES_MAX = 4096;
/** A bundle with its samples in it may have thousands of files: the first ones tell enough. */
const FILES_MAX = 512;

const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  } catch {
    return [];
  }
};

const canonical = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};

interface Traces {
  files: number;
  bytes: number;
  changedMs: number;
}

const trace = (folder: string, depth: number, traces: Traces, looked: string[]): void => {
  looked.push(folder);
  for (const entry of entriesOf(folder)) {
    if (traces.files >= FILES_MAX) return;
    const path = join(folder, entry.name);
    const { ctimeMs, size } = lstatSync(path, { throwIfNoEntry: false }) ?? { ctimeMs: 0, size: 0 };
    traces.files += 1;
    traces.bytes += entry.isDirectory() ? 0 : size;
    traces.changedMs = Math.max(traces.changedMs, ctimeMs);
    if (entry.isDirectory() && depth < DEPTH_MAX) trace(path, depth + 1, traces, looked);
  }
};

const find = (path: string, folder: number, looked: string[]): Found => {
  const changedMs = lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
  const traces: Traces = { files: 0, bytes: 0, changedMs };
  trace(path, 0, traces, looked);
  const print = `${traces.files}.${traces.bytes}.${traces.changedMs}`;
  return { path, folder, print, changedMs: traces.changedMs };
};

export const survey = (folders: readonly string[]): Survey => {
  const bundles = new Map<string, Found>();
  const seen = new Set<string>();
  const looked: string[] = [];
  const walk = (folder: string, index: number, depth: number): void => {
    const real = canonical(folder);
    if (real === null || seen.has(real)) return;
    seen.add(real);
    looked.push(real);
    for (const entry of entriesOf(real)) {
      if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
      const path = join(real, entry.name);
      if (!entry.name.endsWith('.vst3')) {
        if (depth < DEPTH_MAX) walk(path, index, depth + 1);
        continue;
      }
      const bundle = canonical(path);
      if (bundle === null || bundles.has(bundle) || bundles.size >= BUNDLES_MAX) continue;
      bundles.set(bundle, find(bundle, index, looked));
    }
  };
  for (const [index, folder] of folders.entries()) walk(folder, index, 0);
  return { bundles: [...bundles.values()], looked };
};
