/** The system lets the engine have no longer files, or no more of them, for a while. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
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

/** As many as are open now. */
const openLimit = (pid: number): string => `${readdirSync(`/proc/${pid}/fd`).length}:4096`;

const trouble = (limit: 'fsize' | 'nofile'): Trouble => ({
  missing: () => (Bun.which('prlimit') === null ? 'prlimit is not there' : null),
  alertMsMax: null,
  prepare(): Promise<Place> {
    const home = makeDiskFolder();
    const data = join(home, 'data');
    let enginePid = 0;
    return Promise.resolve({
      home,
      data,
      begin({ product }) {
        ({ enginePid } = product.ready);
        set(enginePid, limit, limit === 'fsize' ? fileLimit(data) : openLimit(enginePid));
        return Promise.resolve();
      },
      end: () =>
        Promise.resolve(set(enginePid, limit, limit === 'fsize' ? 'unlimited' : '4096:4096')),
      remove: () => Promise.resolve(removeDiskFolder(home)),
    });
  },
});

export const longFiles = trouble('fsize');
export const manyFiles = trouble('nofile');
