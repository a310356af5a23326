/** A folder on which the store works: before, where it was broken off, and in the end. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tablesHash } from '../judge/tables.ts';
import type { StoreWork } from './store-work.ts';

const BOOKS = /^(?:flowzone\.db.*|work\.json|forgotten\.jsonl)$/;

/** Names and lengths of all files, but not of those that tell how they came to be so. */
const filesIn = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => !BOOKS.test(path.split('/').at(-1) ?? ''))
    .filter((path) => !path.startsWith('backup') && statSync(join(folder, path)).isFile())
    .map((path) => `${path} ${statSync(join(folder, path)).size}`)
    .toSorted();

const backupsOf = (folder: string): string[] => {
  const backups = join(folder, 'backup');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => name.startsWith('flowzone-') && name.endsWith('.db'))
    .map((name) => `${name} ${tablesHash(join(backups, name))}`)
    .toSorted();
};

export const stateOf = (folder: string) => ({
  tables: tablesHash(join(folder, 'flowzone.db')),
  files: filesIn(folder),
  backups: backupsOf(folder),
});

export type WorkState = ReturnType<typeof stateOf>;

/** What the cut left, beside what was there before and what the whole work makes of it. */
export interface Cut {
  readonly before: WorkState;
  readonly found: WorkState;
  readonly after: WorkState;
}

/** It goes in many small steps; of the others there is old and new, and nothing between. */
const isInSteps = (work: StoreWork): boolean => work === 'removal';

/** What may not be where the work was broken off. */
export const faultsAtCut = (
  work: StoreWork,
  { after, before, found }: Cut,
  isDone: boolean,
): string[] => {
  const faults: string[] = [];
  const isOneOfBoth = [before.tables, after.tables].includes(found.tables);
  if (found.tables.startsWith('unreadable')) faults.push(`the session file is ${found.tables}`);
  else if (!isInSteps(work) && !isOneOfBoth) faults.push('the session file is neither old nor new');
  const lost = before.backups.filter((backup) => !found.backups.includes(backup));
  const odd = found.backups.filter((backup) => !after.backups.includes(backup));
  faults.push(...lost.map((backup) => `${backup} is gone`), ...odd.map((each) => `odd: ${each}`));
  if (isDone && !isInSteps(work) && !Bun.deepEquals(found, after)) {
    faults.push('what was said to be done did not last');
  }
  return faults;
};

/** What may never go, and did. */
export const goneFaults = (folder: string, needed: readonly string[]): string[] =>
  needed.filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is gone`);

/** Done again, it has to end as work that nobody disturbed. */
export const faultsAtEnd = (folder: string, after: WorkState): string[] => {
  const end = stateOf(folder);
  return (['tables', 'files', 'backups'] as const)
    .filter((what) => !Bun.deepEquals(end[what], after[what]))
    .map((what) => `done again, ${what} are others`);
};
