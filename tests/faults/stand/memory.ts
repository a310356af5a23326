/** How much memory processes have, and whether it grows. */
import { readFileSync } from 'node:fs';
import type { Product } from '../../judge/product.ts';

const KILOBYTE = 1024;
const PARTS = 10;

/** Resident memory of a process, what it shares included. Linux. */
export const residentBytes = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) * KILOBYTE;
};

/**
 * Of an engine, without the sound of the loops it holds: those that were captured stay for UNDO, up to a
 * limit of their own.
 */
export const engineBytes = async ({ json, ready }: Product): Promise<number> => {
  const { loopBytes } = await json<{ loopBytes: number }>('/api/health');
  return residentBytes(ready.enginePid) - loopBytes;
};

export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

export interface Growth {
  /** Of the straight line that fits best. */
  readonly bytesPerMs: number;
  /** How far that may be from the truth by chance: one standard deviation. */
  readonly deviation: number;
}

/** How sure a verdict on growth is, in deviations. */
const SHOWN_DEVIATIONS = 2;
const PROVED_DEVIATIONS = 3;

/**
 * `below`: what may be off by chance included, it is less than the limit. `above`: more than the limit, even with
 * all that chance may add, which it adds once in seven hundred times. `open`: this time was too short to tell.
 */
export const verdictOf = (
  { bytesPerMs, deviation }: Growth,
  limitBytesPerMs: number,
): 'below' | 'above' | 'open' => {
  if (bytesPerMs + SHOWN_DEVIATIONS * deviation < limitBytesPerMs) return 'below';
  return bytesPerMs - PROVED_DEVIATIONS * deviation > limitBytesPerMs ? 'above' : 'open';
};

/** The least of each of the parts: what a collector is about to give back is above it. */
const floorsOf = (samples: readonly Sample[]): Sample[] => {
  const size = Math.max(1, Math.floor(samples.length / PARTS));
  return Array.from({ length: Math.floor(samples.length / size) }, (_, part) =>
    samples
      .slice(part * size, (part + 1) * size)
      .reduce((least, each) => (each.bytes < least.bytes ? each : least)),
  );
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * By how much memory grows in the second half of the samples, by least squares: in the first one caches
 * fill and code is compiled.
 */
export const growth = (samples: readonly Sample[]): Growth => {
  const floors = floorsOf(samples.slice(Math.floor(samples.length / 2)));
  const [middle, level] = [
    mean(floors.map(({ atMs }) => atMs)),
    mean(floors.map(({ bytes }) => bytes)),
  ];
  const sum = (term: (sample: Sample) => number) =>
    floors.reduce((total, sample) => total + term(sample), 0);
  const spread = sum(({ atMs }) => (atMs - middle) ** 2);
  const bytesPerMs =
    sum(({ atMs, bytes }) => (atMs - middle) * (bytes - level)) / Math.max(1, spread);
  const rest = sum(({ atMs, bytes }) => (bytes - level - bytesPerMs * (atMs - middle)) ** 2);
  const deviation = Math.sqrt(rest / Math.max(1, floors.length - 2) / Math.max(1, spread));
  return { bytesPerMs, deviation };
};
