/** The player's own list of who shares a process with whom: `plugins/groups.json` in the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cut, type GroupNames, keyOf } from './group.ts';
import { isRecord } from './plugin-class.ts';

export const GROUPS_FILE = join('plugins', 'groups.json');

const linesOf = (stored: unknown): GroupNames => {
  if (!isRecord(stored)) throw new TypeError('it is not an object');
  const pairs = Object.entries(stored).flatMap(([vendor, group]) =>
    typeof group === 'string' && group.trim() !== ''
      ? [[keyOf(vendor), cut(group.trim())] as const]
      : [],
  );
  return Object.fromEntries(pairs);
};

/** What the player has written; a file that is no such list counts as none, and says why. */
export const readGroups = (dataFolder: string): { groups: GroupNames; trouble: string | null } => {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, GROUPS_FILE), 'utf8');
  } catch {
    // Most players have none.
    return { groups: {}, trouble: null };
  }
  try {
    return { groups: linesOf(JSON.parse(text)), trouble: null };
  } catch (error) {
    return { groups: {}, trouble: String(error) };
  }
};
