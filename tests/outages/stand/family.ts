/** The processes of one FlowZone, as the system's list has them. Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import { marked, type Process } from '../../plugins/faults/processes.ts';

const stateOf = (pid: string): { state: string; parent: number } | null => {
  try {
    const [, state = '', parent = ''] =
      /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    // It has ended meanwhile.
    return null;
  }
};

export interface Census {
  readonly alive: readonly Process[];
  /** Alive, and neither the launcher nor below it. */
  readonly orphans: readonly Process[];
  /** Ended children that one of the family has not taken off the list. */
  readonly zombies: number;
}

/** All that carry this mark; what is not below the launcher is an orphan, without one all are. */
export const censusOf = (mark: string, launcherPid: number | null): Census => {
  const alive = marked(mark);
  const parents = new Map(alive.map(({ parent, pid }) => [pid, parent]));
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) {
      if (at === launcherPid) return true;
    }
    return false;
  };
  const zombies = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(stateOf)
    .filter((each) => each !== null && /[ZX]/.test(each.state) && parents.has(each.parent));
  return {
    alive,
    orphans: alive.filter(({ pid }) => !isBelow(pid)),
    zombies: zombies.length,
  };
};
