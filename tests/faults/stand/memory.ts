/** How much memory processes have, and whether it grows. */
import { readFileSync } from 'node:fs';
import type { Product } from '../../judge/product.ts';

const KILOBYTE = 1024;

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

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? 0)) / 2;
};

/**
 * Bytes per ms by which memory grows: from the floor of each tenth of the time to that of the others, the
 * median of all (Theil and Sen). What a collector is about to give back is above the floor.
 */
export const growth = (samples: readonly Sample[]): number => {
  const size = Math.max(1, Math.floor(samples.length / 10));
  const floors: Sample[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    const tenth = samples.slice(at, at + size);
    const [first] = tenth.toSorted((a, b) => a.bytes - b.bytes);
    if (first) floors.push(first);
  }
  const slopes = floors.flatMap((a, index) =>
    floors.slice(index + 1).map((b) => (b.bytes - a.bytes) / (b.atMs - a.atMs)),
  );
  return median(slopes);
};
