/** The last ten minutes as lines to draw: seconds that nobody knows stay holes. */
import type { MetricsHistory } from '../../protocol/messages.ts';
import type { SeriesName } from '../../protocol/metrics.ts';

/** As much as the server remembers. */
export const SPAN_SECONDS = 600;

/** One graph: what it is about, its unit, and the series in it. */
export interface Graph {
  readonly title: string;
  readonly series: readonly SeriesName[];
  /** Top of the scale at least, so that noise near zero stays near zero. */
  readonly least: number;
  readonly show: (value: number) => string;
}

const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
const megabytes = (value: number) => `${Math.round(value)} MB`;
const count = (value: number) => String(Math.round(value));
const perSecond = (value: number) => `${value.toFixed(1)}/s`;
const milliseconds = (value: number) => `${Math.round(value)} ms`;

/** What decides whether the music goes on stands first. */
export const GRAPHS: readonly Graph[] = [
  { title: 'Time a block takes', series: ['audioLoad'], least: 0.2, show: percent },
  { title: 'Blocks too late', series: ['xruns'], least: 4, show: count },
  { title: 'Frames lost', series: ['gapFrames'], least: 4, show: count },
  { title: 'Waiting for the disk', series: ['bufferUsage'], least: 0.1, show: percent },
  {
    title: 'CPU, engine and gateway',
    series: ['engineCpu', 'gatewayCpu'],
    least: 0.2,
    show: percent,
  },
  { title: 'CPU, plug-ins', series: ['pluginsCpu'], least: 0.5, show: percent },
  {
    title: 'Memory, engine, gateway, plug-ins',
    series: ['engineMB', 'gatewayMB', 'pluginsMB'],
    least: 100,
    show: megabytes,
  },
  {
    title: 'Pictures shown and frames sent',
    series: ['shownFps', 'sentFps'],
    least: 60,
    show: perSecond,
  },
  { title: 'Lateness of frames', series: ['lateMs'], least: 50, show: milliseconds },
  { title: 'Commands', series: ['commands'], least: 10, show: perSecond },
];

export type Values = readonly (number | null)[];

export const valuesOf = (history: MetricsHistory | undefined, name: SeriesName): Values =>
  history?.series[name] ?? [];

/** The newest second of which something is known. */
export const newestOf = (values: Values): number | undefined =>
  values.findLast((value) => value !== null) ?? undefined;

/** Top of the scale: the highest value rounded up to 1, 2 or 5 of its size. */
export const scaleTop = (all: readonly Values[], least: number): number => {
  let high = least;
  for (const values of all) for (const value of values) high = Math.max(high, value ?? 0);
  const size = 10 ** Math.floor(Math.log10(high));
  const step = [1, 2, 5, 10].find((each) => each * size >= high * 0.999) ?? 10;
  return step * size;
};

export interface Point {
  /** 0 = ten minutes ago, 1 = now. */
  readonly x: number;
  /** 0 = nothing, 1 = top of the scale. */
  readonly y: number;
}

/** Stretches without holes; the newest value is at the right. */
export const stretches = (values: Values, top: number): readonly (readonly Point[])[] => {
  const found: Point[][] = [];
  let open: Point[] | undefined;
  const first = SPAN_SECONDS - values.length;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      open = undefined;
      continue;
    }
    if (!open) found.push((open = []));
    open.push({ x: (first + at + 1) / SPAN_SECONDS, y: Math.min(1, value / top) });
  }
  return found;
};

/** A graph in words: what it says now, and how far it went. */
export const graphWords = (graph: Graph, history: MetricsHistory | undefined): string => {
  const parts = graph.series.map((name) => {
    const newest = newestOf(valuesOf(history, name));
    return newest === undefined ? 'not known' : graph.show(newest);
  });
  return parts.join(' · ');
};

/**
 * The ten minutes that are known, moved on by what was told anew.
 *
 * What is told anew may be only the last few seconds: asked once a second, all of it would be more than the
 * music's own pictures. Undefined when it does not reach back to what is known.
 */
export const movedOn = (
  known: MetricsHistory,
  news: MetricsHistory,
): MetricsHistory | undefined => {
  const passed = Math.round((news.newestMs - known.newestMs) / known.intervalMs);
  const told = Math.max(...Object.values(news.series).map((values) => values.length), 0);
  if (passed < 0 || passed > told) return undefined;
  const series = Object.fromEntries(
    Object.entries(news.series).map(([name, values]) => {
      const fresh = passed === 0 ? [] : values.slice(-passed);
      return [name, [...(known.series[name] ?? []), ...fresh].slice(-SPAN_SECONDS)];
    }),
  );
  return { ...news, series };
};
