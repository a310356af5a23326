/**
 * Rotten texts of a session file that nobody has whole any more. They are read as if they said nothing,
 * and the next change may overwrite one: what is left of each is kept before that, and told once.
 */
import type { Database } from 'bun:sqlite';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFull } from '../../ballast.ts';
import { makeFolder } from '../../make-folder.ts';
import { syncPath, writeSynced } from '../../synced-files.ts';
import type { RottenNews } from './stored.ts';
import { rottenTexts } from './texts.ts';

const TOLD_MAX = 10;

const linesIn = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

const keep = (dataFolder: string, path: string, lines: readonly string[]): void => {
  makeFolder(join(dataFolder, 'aside'));
  syncPath(dataFolder);
  writeSynced(path, `${lines.join('\n')}\n`);
};

/**
 * Null when there is none that was not told before. What could not be kept is told each time.
 *
 * @param canWait For room on a full disk: it throws then, to be tried again.
 */
export const keepRotten = (
  db: Database,
  dataFolder: string,
  canWait: boolean,
): RottenNews | null => {
  const path = join(dataFolder, 'aside', 'rotten-texts.jsonl');
  let news = rottenTexts(db);
  let keptIn: string | null = path;
  try {
    const known = linesIn(path);
    const isKnown = new Set(known);
    news = news.filter((text) => !isKnown.has(JSON.stringify(text)));
    if (news.length === 0) return null;
    keep(dataFolder, path, [...known, ...news.map((text) => JSON.stringify(text))]);
  } catch (error) {
    if (canWait && isFull(error)) throw error;
    keptIn = null;
  }
  const first = news
    .slice(0, TOLD_MAX)
    .map(({ column, key, table }) => `${table}.${column} of ${key}`);
  return { count: news.length, first, keptIn };
};
