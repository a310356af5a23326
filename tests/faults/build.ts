/** Which FlowZone was tried: its commit, and a hash of all it is made of. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface Build {
  /** 40 digits; null where there is no git. */
  readonly commit: string | null;
  /** Anything beside results differed from the commit. */
  readonly isDirty: boolean;
  /** SHA-256 of the product's files, their names and what is in them. */
  readonly sources: string;
}

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['Sources', 'protocol', 'server'];
/** What the rigs write themselves. */
const RESULTS = ['RELIABILITY.md', 'tests/*/results'];

const git = (root: string, ...words: readonly string[]): string | null => {
  const { exitCode, stdout } = Bun.spawnSync(['git', '-C', root, ...words], { stderr: 'ignore' });
  return exitCode === 0 ? stdout.toString().trim() : null;
};

const filesIn = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name, parentPath }) => relative(root, join(parentPath, name)));

/** The same files give the same hash, whatever was committed. */
export const sourcesHash = (root = ROOT): string => {
  const all = createHash('sha256');
  for (const path of [
    'Package.swift',
    ...FOLDERS.flatMap((each) => filesIn(root, each)),
  ].toSorted()) {
    const one = createHash('sha256').update(readFileSync(join(root, path)));
    all.update(`${path} ${one.digest('hex')}\n`);
  }
  return all.digest('hex');
};

export const buildNow = (root = ROOT): Build => {
  const outside = RESULTS.map(
    (path) => `:(exclude,glob)${path}${path.endsWith('.md') ? '' : '/**'}`,
  );
  const changes = git(root, 'status', '--porcelain', '--', '.', ...outside);
  return {
    commit: git(root, 'rev-parse', 'HEAD'),
    isDirty: changes !== null && changes !== '',
    sources: sourcesHash(root),
  };
};

/** For a table: the commit's short name. */
export const buildName = (build: Build | undefined): string => {
  if (build === undefined) return 'before commits were noted';
  return `${build.commit?.slice(0, 7) ?? 'no commit'}${build.isDirty ? ' and changes' : ''}`;
};
