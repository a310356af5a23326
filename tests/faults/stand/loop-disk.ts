/** A file that is a disk: ext4 on a loop device, to be cut, frozen and filled. Linux, as root. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { forgetRingsIn } from '../../judge/rings.ts';
import { cutPower } from './native.ts';

const PREFIX = 'flowzone-faults-';
const MEGABYTE = 1_048_576;

const run = (command: string, ...args: string[]): void => {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr}`);
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What hangs in the tree of mounts below this folder, the innermost first. */
const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place === folder || place.startsWith(`${folder}/`))
    .toReversed();

export const isMounted = (folder: string): boolean => mountsBelow(folder).includes(folder);

const removeAll = (folder: string): void => {
  forgetRingsIn(folder);
  for (const place of mountsBelow(folder)) spawnSync('umount', ['-l', place]);
  rmSync(folder, { recursive: true, force: true });
};

// A runner that was killed left its disks; the name of a folder says whose it was.
for (const name of readdirSync(tmpdir())) {
  const pid = Number(/^flowzone-faults-(\d+)-/.exec(name)?.[1]);
  if (pid > 0 && !isRunning(pid)) removeAll(join(tmpdir(), name));
}

const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) removeAll(folder);
});

let made = 0;

/** A folder for disks, mounts and sockets; it and all below it go with `removeFolder` or the process. */
export const makeDiskFolder = (): string => {
  made += 1;
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${made}`);
  mkdirSync(folder);
  folders.add(folder);
  return folder;
};

export const removeDiskFolder = (folder: string): void => {
  removeAll(folder);
  folders.delete(folder);
};

/** What this machine lacks for it; null = nothing. */
export const missingForDisks = (): string | null => {
  if (process.platform !== 'linux') return 'loop devices are a thing of Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  for (const command of ['mkfs.ext4', 'mount', 'losetup', 'fsfreeze']) {
    if (Bun.which(command) === null) return `${command} is not there`;
  }
  const free = spawnSync('losetup', ['-f'], { encoding: 'utf8' });
  return free.status === 0 ? null : `no loop device: ${free.stderr.trim()}`;
};

export class LoopDisk {
  /** Where it is mounted. */
  readonly folder: string;
  readonly #home: string;
  readonly #image: string;

  /** @param imageFolder Where the image lies, when not beside the mount. */
  constructor(megabytes: number, imageFolder?: string) {
    this.#home = makeDiskFolder();
    this.folder = join(this.#home, 'disk');
    this.#image = join(imageFolder ?? this.#home, 'image');
    mkdirSync(this.folder);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, megabytes * MEGABYTE);
    // Reserved blocks would be free for root alone, and the full disk would not be full.
    run('mkfs.ext4', '-q', '-F', '-m', '0', this.#image);
    this.mount();
  }

  mount(): void {
    run('mount', '-o', 'loop', this.#image, this.folder);
  }

  /** A thread that dies in a system call holds the disk a little longer than its process lives. */
  async unmount(): Promise<void> {
    await until('the disk is let go', () => spawnSync('umount', [this.folder]).status === 0);
  }

  /** What was synced stays; everything else is gone with the next `unmount`. */
  cutPower(): void {
    cutPower(this.folder);
  }

  /** After a cut: plugged in again while old files are still open; they stay dead. */
  plugIn(): void {
    run('umount', '-l', this.folder);
    const loop = spawnSync('losetup', ['-f', '--show', this.#image], { encoding: 'utf8' });
    const device = loop.stdout.trim();
    run('mount', device, this.folder);
    // It goes with its mount.
    spawnSync('losetup', ['-d', device]);
  }

  /**
   * Whoever writes there sleeps for so long; resolves when it has begun. The thaw is another
   * process's business, so that it comes also when this one is killed.
   */
  async freeze(seconds: number): Promise<{ thawed: Promise<void> }> {
    const script = 'fsfreeze -f "$0" && echo frozen && sleep "$1"; fsfreeze -u "$0"';
    const child = spawn('sh', ['-c', script, this.folder, String(seconds)], { detached: true });
    const thawed = new Promise<void>((done) => child.on('close', () => done()));
    const frozen = new Promise<void>((done) => child.stdout.once('data', () => done()));
    const refused = thawed.then(() => Promise.reject(new Error('it could not be frozen')));
    await Promise.race([frozen, refused]);
    return { thawed };
  }

  remove(): void {
    removeDiskFolder(this.#home);
  }
}
