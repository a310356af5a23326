/** How long the engine's blocks take: timed inside the running product, read from outside. */
import { dlopen, FFIType } from 'bun:ffi';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compile, WARNINGS } from '../../guard/build.ts';

const HEAD_BYTES = 16;
const BLOCK_BYTES = 16;
const BLOCKS_MAX = 1 << 20;

export interface Block {
  /** Monotonic clock. */
  readonly startMs: number;
  readonly wallUs: number;
  readonly cpuUs: number;
}

export interface BlockTimes {
  readonly blocks: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Of the thread's own time: what else the machine did is not in it. */
  readonly cpuMaxUs: number;
}

const CLOCK_MONOTONIC = 1;
const time = new BigInt64Array(2);
const openClock = () =>
  dlopen('libc.so.6', { clock_gettime: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.i32 } })
    .symbols.clock_gettime;
let clock: ReturnType<typeof openClock> | undefined;

/** The clock of the blocks, on Linux; Bun's own begin with its process. */
export const monotonicMs = (): number => {
  clock ??= openClock();
  clock(CLOCK_MONOTONIC, time);
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
};

/** What a process needs in its environment to be timed; files begin with `path`. */
export const clockEnv = (path: string): Record<string, string> => ({
  LD_PRELOAD: compile(
    'libblockclock.so',
    [join(import.meta.dir, 'block-clock.c')],
    ['cc', ...WARNINGS, '-shared', '-fPIC'],
  ),
  FZ_BLOCK_CLOCK: path,
});

const blocksOf = (bytes: Uint8Array): Block[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.min(BLOCKS_MAX, Number(view.getBigUint64(0, true)));
  return Array.from({ length: count }, (_, index) => {
    const at = HEAD_BYTES + index * BLOCK_BYTES;
    return {
      startMs: Number(view.getBigInt64(at, true)) / 1e6,
      wallUs: view.getUint32(at + 8, true) / 1000,
      cpuUs: view.getUint32(at + 12, true) / 1000,
    };
  });
};

/** The blocks of all engines that were timed there, in their order. */
export const readBlocks = (path: string): Block[] => {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
  const all = names.flatMap((name) => blocksOf(readFileSync(join(dirname(path), name))));
  return all.toSorted((a, b) => a.startMs - b.startMs);
};

export const timesOf = (blocks: readonly Block[]): BlockTimes => {
  const wall = blocks.map(({ wallUs }) => wallUs).toSorted((a, b) => a - b);
  const at = (share: number) => wall[Math.min(wall.length - 1, Math.floor(wall.length * share))];
  const rounded = (value: number | undefined) => Math.round(10 * (value ?? NaN)) / 10;
  return {
    blocks: wall.length,
    p50Us: rounded(at(0.5)),
    p99Us: rounded(at(0.99)),
    maxUs: rounded(wall.at(-1)),
    cpuMaxUs: rounded(blocks.reduce((most, { cpuUs }) => Math.max(most, cpuUs), 0)),
  };
};
