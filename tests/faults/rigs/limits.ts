/** The system lets the engine have no longer files, or no more of them, for a while. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import type { Place, Trouble } from './trouble.ts';

const set = (pid: number, limit: 'fsize' | 'nofile', value: string): void => {
  const done = spawnSync('prlimit', ['--pid', `${pid}`, `--${limit}=${value}`], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
};

/** As long as the longest file of the spool is now. */
const fileLimit = (data: string): string => {
  const folder = join(data, 'spool');
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => statSync(join(folder, name)).size,
  );
  return `${Math.max(...sizes)}:unlimited`;
};

const LOOKS = 40;
const LOOK_MS = 5;

const firstFree = (pid: number): number => {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (open.has(free)) free += 1;
  return free;
};

/** No number below it is free, also when what is open for a moment is closed: nothing more can be opened. */
const openLimit = async (pid: number): Promise<string> => {
  let free = firstFree(pid);
  for (let look = 1; look < LOOKS; look += 1) {
    await Bun.sleep(LOOK_MS);
    free = Math.min(free, firstFree(pid));
  }
  return `${free}:4096`;
};

const audioFiles = (data: string): number => {
  const folder = join(data, 'audio');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((name) => name.endsWith('.wav')).length;
};

/** One may have been open when the trouble began. */
const OPEN_BEFORE = 1;

const trouble = (limit: 'fsize' | 'nofile'): Trouble => ({
  missing: () => (Bun.which('prlimit') === null ? 'prlimit is not there' : null),
  alertMsMax: null,
  isUnheard: limit === 'fsize',
  prepare(): Promise<Place> {
    const home = makeDiskFolder();
    const data = join(home, 'data');
    let enginePid = 0;
    let filesBefore = 0;
    return Promise.resolve({
      home,
      data,
      async begin({ product }) {
        ({ enginePid } = product.ready);
        set(enginePid, limit, limit === 'fsize' ? fileLimit(data) : await openLimit(enginePid));
        filesBefore = audioFiles(data);
      },
      // Loops were captured meanwhile, and each wants a file of its own.
      found() {
        const made = audioFiles(data) - filesBefore;
        return limit === 'nofile' && made > OPEN_BEFORE ? [`${made} files could be made`] : [];
      },
      end: () =>
        Promise.resolve(set(enginePid, limit, limit === 'fsize' ? 'unlimited' : '4096:4096')),
      remove: () => Promise.resolve(removeDiskFolder(home)),
    });
  },
});

export const longFiles = trouble('fsize');
export const manyFiles = trouble('nofile');
