/** What the results of the outage rigs say, as a table for the terminal. */
import { buildName } from '../faults/build.ts';
import type { Result } from '../faults/result-file.ts';
import { outcome } from '../faults/run-row.ts';

/** The value below which this share of them lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const valuesOf = ({ trials }: Result, name: string): number[] =>
  trials.flatMap(({ counts }) => counts[name] ?? []);

const times = (result: Result, name: string): string => {
  const values = valuesOf(result, name);
  if (values.length === 0) return '';
  return `${quantile(values, 0.5)} / ${quantile(values, 0.95)}`;
};

/** Of a median, beside the median of a start with nothing gone wrong. */
const ratio = (result: Result, name: string, floor: string): string => {
  const of = quantile(valuesOf(result, name), 0.5) / quantile(valuesOf(result, floor), 0.5);
  return Number.isFinite(of) ? of.toFixed(2) : '';
};

const pair = ({ counts }: Result, name: string, controlName: string): string =>
  counts[name] === undefined ? '' : `${counts[name]} : ${counts[controlName]}`;

type Column = readonly [string, (result: Result) => string];

const COLUMNS: readonly Column[] = [
  ['row', ({ row }) => row],
  ['trials', ({ trials }) => String(trials.length)],
  ['', outcome],
  ['port ms p50/p95', (each) => times(each, 'portMs')],
  ['÷ plain start', (each) => ratio(each, 'portMs', 'plainMs')],
  ['page ms p50/p95', (each) => times(each, 'pageMs')],
  ['told ms', (each) => times(each, 'noticeMs') || times(each, 'toldMs')],
  ['live ms p50/p95', (each) => times(each, 'liveMs')],
  ['÷ first start', (each) => ratio(each, 'liveMs', 'startMs')],
  ['ended ms', (each) => times(each, 'goneMs')],
  ['orphans', ({ counts }) => String(counts['orphans'] ?? '')],
  ['frames : control', (each) => pair(each, 'frames', 'controlFrames')],
  ['late blocks : control', (each) => pair(each, 'lateBlocks', 'controlLateBlocks')],
  ['lost frames max : control', (each) => pair(each, 'lostFramesMax', 'controlLostFramesMax')],
  ['commit', ({ build }) => buildName(build)],
];

/** Columns that no row has anything for are left out. */
export const tableOf = (results: readonly Result[]): string => {
  const all = COLUMNS.map(([head, cell]) => [head, ...results.map(cell)]);
  const filled = all.filter(([, ...cells]) => cells.some((cell) => cell !== ''));
  const widths = filled.map((column) => Math.max(...column.map(({ length }) => length)));
  const line = (at: number) =>
    filled.map((column, index) => (column[at] ?? '').padEnd(widths[index] ?? 0)).join('  ');
  return [...Array.from({ length: results.length + 1 }, (_, at) => line(at).trimEnd()), ''].join(
    '\n',
  );
};
