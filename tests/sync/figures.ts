/** Shares of a list of figures, and what a process has open. */
import { readdirSync, readFileSync } from 'node:fs';

/** The smallest figure that this share of all does not exceed; NaN of none. */
export const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ??
  Number.NaN;

export const tenths = (value: number): number => Math.round(10 * value) / 10;

/** Files, sockets and pipes. */
export const handles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

const TICKS_PER_SECOND = 100;
const USER = 11;

/** CPU time since it began, ms. */
export const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (1000 / TICKS_PER_SECOND) * (Number(fields[USER]) + Number(fields[USER + 1]));
};
