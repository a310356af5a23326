/** A folder below a FUSE file system of ours that fails as it is told. Linux with libfuse3-dev. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { isMounted, makeDiskFolder, removeDiskFolder } from './loop-disk.ts';
import { compile } from './native.ts';

/** Places of the numbers in `struct control`. */
const SET = [
  'writeDelayMs',
  'writeErrorsPerMille',
  'shortWrites',
  'syncErrorIn',
  'operationErrorIn',
  'refusal',
  'soundSyncErrors',
] as const;
const COUNTED = [
  'writes',
  'failedWrites',
  'shortened',
  'failedSyncs',
  'operations',
  'failedOperations',
] as const;
const COUNTED_FROM = 8;
const NUMBERS = 16;
const NUMBER_BYTES = 8;

export type DiskFault = (typeof SET)[number];
export type DiskCount = (typeof COUNTED)[number];

const fuseFlags = (): string[] =>
  spawnSync('pkg-config', ['--cflags', '--libs', 'fuse3'], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/);

export const missingForFuse = (): string | null => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'FUSE here is Linux, as root';
  if (spawnSync('test', ['-c', '/dev/fuse']).status !== 0) return '/dev/fuse is not there';
  if (Bun.which('cc') === null) return 'no C compiler';
  const has = Bun.which('pkg-config') !== null && fuseFlags().some((flag) => flag === '-lfuse3');
  return has ? null : 'libfuse3-dev is not there';
};

export class FaultDisk {
  readonly home = makeDiskFolder();
  readonly folder = join(this.home, 'disk');
  /** The same without the kernel's cache: what really is there. */
  readonly behind = join(this.home, 'behind');
  readonly #control = join(this.home, 'control');
  readonly #child: ChildProcess;

  private constructor() {
    for (const folder of [this.folder, this.behind]) mkdirSync(folder);
    writeFileSync(this.#control, new Uint8Array(NUMBERS * NUMBER_BYTES));
    const source = join(import.meta.dirname, 'fault-fs.c');
    const program = compile('fault-fs', source, fuseFlags());
    this.#child = spawn(program, [this.#control, this.behind, this.folder], { stdio: 'ignore' });
  }

  static async open(): Promise<FaultDisk> {
    const disk = new FaultDisk();
    await until('the fault disk is mounted', () => isMounted(disk.folder));
    return disk;
  }

  async set(fault: DiskFault, value: number): Promise<void> {
    const bytes = new BigInt64Array([BigInt(value)]);
    const file = await open(this.#control, 'r+');
    await file.write(
      new Uint8Array(bytes.buffer),
      0,
      NUMBER_BYTES,
      SET.indexOf(fault) * NUMBER_BYTES,
    );
    await file.close();
  }

  count(name: DiskCount): number {
    const at = (COUNTED_FROM + COUNTED.indexOf(name)) * NUMBER_BYTES;
    return Number(readFileSync(this.#control).readBigInt64LE(at));
  }

  async calm(): Promise<void> {
    for (const fault of SET) await this.set(fault, 0);
  }

  async remove(): Promise<void> {
    const gone = new Promise((done) => this.#child.on('close', done));
    removeDiskFolder(this.home);
    await gone;
  }
}
