/** Judges figures by the stored limits and prints them. */
import type { Limit } from './limit.ts';
import { type FigureName, LIMITS } from './limits.ts';

export interface Figure {
  readonly name: FigureName;
  readonly value: number;
  readonly floor?: number;
  readonly note?: string;
}

export interface Row extends Figure {
  readonly limit: Limit;
  readonly ratio: number | null;
  readonly isKept: boolean;
}

const measured = ({ value, floor }: Figure, on: Limit['on']): number => {
  if (on === 'figure') return value;
  if (floor === undefined) return Number.NaN;
  return on === 'ratio' ? value / floor : value - floor;
};

/** A figure that is not a number keeps no limit. */
export const judge = (figure: Figure): Row => {
  const limit: Limit = LIMITS[figure.name];
  const value = measured(figure, limit.on);
  return {
    ...figure,
    limit,
    ratio: figure.floor ? figure.value / figure.floor : null,
    isKept:
      value <= (limit.atMost ?? Number.POSITIVE_INFINITY) &&
      value >= (limit.atLeast ?? Number.NEGATIVE_INFINITY),
  };
};

const digits = (value: number): string => {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
};

const bound = ({ on, atMost, atLeast }: Limit): string => {
  const number = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  if (on === 'ratio') return `${number} ×`;
  return on === 'difference' ? `${number} above` : number;
};

const cells = (row: Row): string[] => [
  row.limit.what,
  `${digits(row.value)} ${row.limit.unit}`,
  row.floor === undefined ? '–' : `${digits(row.floor)} ${row.limit.floor}`,
  row.ratio === null ? '–' : digits(row.ratio),
  bound(row.limit),
  row.isKept ? 'pass' : 'FAIL',
  row.limit.peer,
];

const HEAD = ['figure', 'ours', 'floor', 'ratio', 'limit', '', 'peer'];

export const table = (rows: readonly Row[]): string => {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = rows.flatMap((row) => (row.note ? [`${row.name}: ${row.note}`] : []));
  const missed = rows.filter((row) => !row.isKept).length;
  return `${text.join('\n')}\n\n${notes.join('\n')}\n\n${rows.length - missed} kept, ${missed} missed\n`;
};
