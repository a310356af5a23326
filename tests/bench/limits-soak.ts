/** Stored limits of ten minutes in which everything happens. */
import type { Limit } from './limit.ts';

export const SOAK_LIMITS = {
  soakXruns: {
    what: 'ten minutes of 64 loops and every kind of work: xruns',
    unit: 'xruns',
    on: 'difference',
    atMost: 0,
    floor: 'timer thread beside it',
    peer: '–',
  },
  soakWorst: {
    what: 'worst block of it in thread CPU time',
    unit: 'µs',
    on: 'ratio',
    atMost: 4,
    floor: 'median block',
    peer: '–',
  },
  soakWork: {
    what: 'commands of it that were refused or not answered',
    unit: 'commands',
    on: 'figure',
    atMost: 0,
    floor: '–',
    peer: '–',
  },
  soakExports: {
    what: 'exports of it that were not written',
    unit: 'exports',
    on: 'figure',
    atMost: 0,
    floor: '–',
    peer: '–',
  },
  soakLoops: {
    what: 'slots of it that were empty at some bar',
    unit: 'slots',
    on: 'figure',
    atMost: 0,
    floor: '–',
    peer: '–',
  },
  soakMemory: {
    what: 'growth of the process in it, beyond its loops',
    unit: 'MiB',
    on: 'difference',
    atMost: 128,
    floor: 'growth of the cache of loops',
    peer: '–',
  },
} as const satisfies Record<string, Limit>;
