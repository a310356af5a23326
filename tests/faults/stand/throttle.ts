/** Lets a disk take only so many bytes a second: cgroup v1, as root, for everybody in the first group. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const LIMIT = '/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device';
const MINOR_BITS = 8;

/** What this machine lacks for it; null = nothing. */
export const missingForThrottle = (): string | null => {
  if (!existsSync(LIMIT)) return 'cgroup v1 has no blkio here';
  const isFirst = /^\d+:blkio:\/$/m.test(readFileSync('/proc/self/cgroup', 'utf8'));
  return isFirst ? null : 'this process is not in the first blkio group';
};

/** Of the block device below a folder; 0 = as fast as it goes. */
export const throttle = (folder: string, bytesPerSecond: number): void => {
  const { dev } = statSync(folder);
  const [major, minor] = [dev >> MINOR_BITS, dev & (2 ** MINOR_BITS - 1)];
  writeFileSync(LIMIT, `${major}:${minor} ${bytesPerSecond}`);
};
