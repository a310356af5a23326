/** The system's list of processes, read by who carries a mark of ours. */
import { readdirSync, readFileSync } from 'node:fs';

export const MARK = 'FZ_FAULT_RIG';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** As the system shows it: R, S, T = stopped, Z = ended and not yet taken off the list. */
  readonly state: string;
  readonly command: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
};

/** How many processes that run are in the group of this one, itself among them. */
export const countInGroup = (pid: number): number =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [, state, group] = /\) (\S) \d+ (\d+)/.exec(read(`/proc/${name}/stat`)) ?? [];
      return state !== 'Z' && Number(group) === pid;
    }).length;

const processOf = (pid: number): Process | null => {
  const [, state = '', parent = ''] = /\) (\S) (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return state === '' ? null : { pid, parent: Number(parent), state, command };
};

/** All that live and have `MARK` with this value in their environment. */
export const marked = (value: string): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${value}`))
    .flatMap((pid) => processOf(Number(pid)) ?? [])
    .filter(({ state }) => state !== 'Z' && state !== 'X');

export const isHost = ({ command }: Process): boolean => command.includes('PluginHostXPC');

/** What a process holds: open descriptors, resident bytes, threads. */
export const holds = (pid: number) => {
  const status = read(`/proc/${pid}/status`);
  const number = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  let descriptors = 0;
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    // It has ended meanwhile.
  }
  return {
    descriptors,
    residentMiB: Math.round(number('VmRSS') / 102.4) / 10,
    threads: number('Threads'),
  };
};
