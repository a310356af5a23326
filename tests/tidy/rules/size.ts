/** How long a file may be. */
import { isCode, isGenerated, type Rule, type SourceFile } from '../source.ts';

export const LINES_MAX = 400;

export const lineCount = (file: SourceFile): number =>
  file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);

export const ownCode = (files: readonly SourceFile[]): SourceFile[] =>
  files.filter((file) => isCode(file.path) && !isGenerated(file.path));

export const fileSize: Rule = (files) =>
  ownCode(files)
    .filter((file) => lineCount(file) > LINES_MAX)
    .map(
      (file) =>
        `${file.path}:${LINES_MAX + 1}: ${lineCount(file)} lines, at most ${LINES_MAX}; split it by responsibility`,
    );

export const median = (counts: readonly number[]): number =>
  counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
