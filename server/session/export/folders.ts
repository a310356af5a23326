/** Where exports lie: each in a folder of its own, which is hidden until it is whole. */
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const hiddenName = (jobId: string): string => `.part-${jobId}`;
/** Ids of jobs are UUIDs: what else is hidden there is not ours. */
const HIDDEN_NAME = /^\.part-[0-9a-f-]{36}$/;

export const exportsFolder = (dataFolder: string): string => join(dataFolder, 'exports');

/** In which the core writes; it gets its name beside here when all of it is on disk. */
export const hiddenFolder = (exports: string, jobId: string): string =>
  join(exports, hiddenName(jobId));

/** Where nothing was ever exported, nothing is left. */
const hiddenIn = (exports: string): string[] =>
  existsSync(exports) ? readdirSync(exports).filter((name) => HIDDEN_NAME.test(name)) : [];

/** Removes what a killed engine left half written; to be called before this one begins a job. */
export const removeLeftovers = async (exports: string): Promise<void> => {
  const left = hiddenIn(exports).map((name) => join(exports, name));
  await Promise.all(left.map((path) => rm(path, { recursive: true, force: true })));
};
