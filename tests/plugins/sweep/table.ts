/** The figures of a sweep as a table: a line per vendor, then all. */
import { percentile } from '../../judge/percentile.ts';
import type { Row } from './check.ts';
import { nameOf } from './judge.ts';

const HEAD = ['vendor', 'classes', 'loaded', 'sounding', 'state identical', 'create ms p50/max'];

export interface Counts {
  readonly classes: number;
  readonly loaded: number;
  readonly sounding: number;
  readonly stateIdentical: number;
}

export const countsOf = (rows: readonly Row[]): Counts => ({
  classes: rows.length,
  loaded: rows.filter(({ failure }) => failure === '').length,
  sounding: rows.filter(({ isSounding }) => isSounding).length,
  stateIdentical: rows.filter(({ isStateIdentical }) => isStateIdentical).length,
});

const cells = (title: string, rows: readonly Row[]): string[] => {
  const { classes, loaded, sounding, stateIdentical } = countsOf(rows);
  const ms = rows.map(({ figures }) => Number(figures['createMs'] ?? 0));
  const creation = `${percentile(ms, 0.5).toFixed(1)} / ${Math.max(...ms).toFixed(0)}`;
  return [title, ...[classes, loaded, sounding, stateIdentical].map(String), creation];
};

const names = (title: string, rows: readonly Row[]): string =>
  rows.length === 0 ? '' : `${title}: ${rows.map(nameOf).join(', ')}\n`;

export const table = (rows: readonly Row[]): string => {
  const vendors = [...new Set(rows.map(({ vendor }) => vendor))];
  const lines = [
    HEAD,
    ...vendors.map((vendor) =>
      cells(
        vendor,
        rows.filter((row) => row.vendor === vendor),
      ),
    ),
    cells('all', rows),
  ];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const loaded = rows.filter(({ failure }) => failure === '');
  return [
    `${text.join('\n')}\n\n`,
    names(
      'not loaded',
      rows.filter(({ failure }) => failure !== ''),
    ),
    names(
      'silent',
      loaded.filter(({ isSounding }) => !isSounding),
    ),
    names(
      'state differs',
      loaded.filter(({ isStateIdentical }) => !isStateIdentical),
    ),
  ].join('');
};
