/** The tree as the tidy rules see it: text files with their path from the root. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ROOT = dirname(dirname(import.meta.dirname));

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** One sentence per violation: `path:line: what, and what to do instead`. */
export type Rule = (files: readonly SourceFile[]) => string[];

const PATTERNS = [
  '{protocol,server,web,scripts,tests}/**/*.{ts,tsx,css,html,sh}',
  'scripts/up',
  'Sources/**/*.{swift,c,h}',
  'tests/**/*.{swift,c,h}',
  '.ci/run',
  '*.{md,json,toml,swift}',
];

const isForeign = (path: string) => /(^|\/)(node_modules|dist|\.build)\//.test(path);

export const readTree = (): SourceFile[] =>
  PATTERNS.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT, dot: true })])
    .filter((path) => !isForeign(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

export const isGenerated = (path: string): boolean => path.includes('.generated.');
export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path);
export const isSwift = (path: string): boolean => path.endsWith('.swift');
export const isCode = (path: string): boolean =>
  /\.(tsx?|swift|c|h|sh|css)$|^scripts\/up$/.test(path);

/** The text with comments blanked out, line numbers kept: a rule about code may be explained. */
export const withoutComments = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');

export const lineOf = (text: string, index: number): number =>
  text.slice(0, index).split('\n').length;

/** Every place where `pattern` (with the g flag) matches, as the start of a violation. */
export const places = (file: SourceFile, text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => `${file.path}:${lineOf(text, match.index)}`);
