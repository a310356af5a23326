/**
 * Ends what a killed launcher left behind.
 *
 * A child whose JavaScript spins does not notice that its launcher is gone. Pids are taken from
 * run.json and killed only when the command line still is ours, with this data folder's tag.
 */
import { existsSync, readFileSync } from 'node:fs';

const commandLineOf = (pid: number): string => {
  const file = `/proc/${pid}/cmdline`;
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(file, 'utf8').replaceAll('\0', ' ');
    const ps = Bun.spawnSync(['ps', '-o', 'command=', '-p', String(pid)]);
    return ps.stdout.toString();
  } catch {
    // No such process.
    return '';
  }
};

const isDead = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  // A dead process whose parent never asked for it is dead all the same.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return /\) Z /.test(stat);
};

export interface LeftoverOptions {
  readonly pids: readonly (number | null | undefined)[];
  /** In the command line of every child of this data folder. */
  readonly tag: string;
  readonly waitMs: number;
}

/** Returns the pids it killed; throws when one of them does not die. */
export const endLeftovers = async (options: LeftoverOptions): Promise<number[]> => {
  const ours = options.pids.filter(
    (pid): pid is number =>
      typeof pid === 'number' && pid > 1 && commandLineOf(pid).includes(options.tag),
  );
  for (const pid of ours) process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + options.waitMs;
  while (ours.some((pid) => !isDead(pid))) {
    if (performance.now() > deadline) throw new Error(`process ${ours.join(', ')} does not end`);
    await Bun.sleep(POLL_MS);
  }
  return ours;
};

const POLL_MS = 5;
