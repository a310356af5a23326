/** Which FlowZone was tried: its commit, and a hash of all it is made of and of what tried it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

export interface Build {
  /** 40 digits; null where there is no git. */
  readonly commit: string | null;
  /** Anything beside results differed from the commit. */
  readonly isDirty: boolean;
  /** SHA-256 of the files of the product, the rigs and the judges: their names and what is in them. */
  readonly sources: string;
}

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = [
  'Sources',
  'protocol',
  'server',
  'tests/faults',
  'tests/judge',
  'tests/outages',
  'tests/sync',
];
const IN_RESULTS = /^tests\/\w+\/results\//;
/** The disk of row 23, which is simulated among the Swift tests. */
const SIMULATION = /^Disk(Simulation|Rig|Fake|Conservation).*\.swift$/;
const SWIFT_TESTS = 'tests/FlowCoreTests';
/** What the rigs write themselves. */
const RESULTS = ['RELIABILITY.md', 'tests/*/results'];

const git = (root: string, ...words: readonly string[]): string | null => {
  const { exitCode, stdout } = Bun.spawnSync(['git', '-C', root, ...words], { stderr: 'ignore' });
  return exitCode === 0 ? stdout.toString().trim() : null;
};

const filesIn = (root: string, folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map(({ name, parentPath }) => relative(root, join(parentPath, name)))
        .filter((path) => !IN_RESULTS.test(path) && !path.endsWith('.test.ts'))
    : [];

const simulationIn = (root: string): string[] =>
  filesIn(root, SWIFT_TESTS).filter((path) => SIMULATION.test(basename(path)));

/** The same files give the same hash, whatever was committed. */
export const sourcesHash = (root = ROOT): string => {
  const all = createHash('sha256');
  for (const path of [
    'Package.swift',
    ...FOLDERS.flatMap((each) => filesIn(root, each)),
    ...simulationIn(root),
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
