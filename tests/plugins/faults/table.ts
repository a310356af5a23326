/** The fault table as text. */
import type { Row } from './row.ts';
import { BLOCK_FRAMES } from './stage.ts';

const HEAD = [
  'fault',
  'path',
  'outcome',
  'told',
  'bypassed blocks',
  'dry ms',
  'block p50/p99/max us',
  'xruns (before)',
  'not finite',
  'stray',
  'grew MiB',
];

const cells = ({
  grewMiB,
  heard,
  outcome,
  path,
  times,
  title,
  words,
  xruns,
  xrunsBefore,
}: Row): string[] => [
  title,
  path,
  outcome,
  [...new Set(words.codes)].join(' '),
  heard ? String(Math.ceil(heard.bypassedFrames / BLOCK_FRAMES)) : '–',
  heard ? heard.dryMs.toFixed(1) : '–',
  `${times.p50Us} / ${times.p99Us} / ${times.maxUs}`,
  `${xruns} (${xrunsBefore})`,
  heard ? String(heard.before.nonFinite + heard.after.nonFinite) : '–',
  heard ? String(heard.before.strayFrames + heard.after.strayFrames) : '–',
  heard ? String(grewMiB) : '–',
];

/** Lines of columns that stand under each other. */
export const columns = (lines: readonly (readonly string[])[]): string => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const faultTable = (rows: readonly Row[]): string =>
  `${columns([HEAD, ...rows.map(cells)])}\n`;
