/** What the system tells of a process. */
import { readFileSync } from 'node:fs';

const KIBIBYTE = 1024;

/** Memory it holds now. */
export const residentBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return KIBIBYTE * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN);
};

/**
 * Whether a fault made more late blocks than chance: they come on a busy machine without it too, one by
 * one, so three deviations of a count like that of the control are not yet more.
 */
export const isMoreThanControl = (late: number, control: number): boolean =>
  late > 1.1 * control + 3 * Math.sqrt(control + 1);
