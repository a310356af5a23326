/**
 * What comes from outside of the sound, one after the other while one loop plays alone: a storm of log
 * lines, a full disk of the log, and a wall clock that jumps; and how everything is stopped.
 *
 * The storm and the clock are made inside of FlowZone by a change of its source (`storm.ts`).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import type { Captured } from '../judge/acks.ts';
import { judgeLog, readLog } from '../judge/log-lines.ts';
import type { Counts } from '../rig.ts';
import { BAR_FRAMES } from './lives.ts';
import { SLOTS } from './player.ts';
import { isMoreThanControl } from './processes.ts';
import type { Storm } from './storm.ts';
import type { Stand } from './stand.ts';

const LOG_DISK_BYTES = 4_194_304;
const STRETCH_MS = 6000;
const HOUR_MS = 3_600_000;
const PRESS_MS = 500;
const LATE_MS_MAX = 20_000;

export type Played = Pick<Stand, 'player' | 'press' | 'product'>;

export const health = ({ product }: Played): Promise<Json> => product.json<Json>('/api/health');

/** Plays for so long; the blocks that came late. */
export const play = async (stand: Played, forMs: number): Promise<number> => {
  const { xruns } = await health(stand);
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await stand.press();
    await Bun.sleep(PRESS_MS);
  }
  return (await health(stand)).xruns - xruns;
};

/** A disk for the log alone, below `home`, and the command that makes it the log of what it is given. */
export const makeLogDisk = (home: string) => {
  const folder = join(home, 'log-disk');
  mkdirSync(folder);
  const size = `size=${LOG_DISK_BYTES}`;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]);
  if (mounted.status !== 0) throw new Error(mounted.stderr.toString());
  const log = join(folder, 'log');
  return { folder, log, inside: ['sh', '-c', 'exec "$@" 2>>"$0"', log] };
};

export type LogDisk = ReturnType<typeof makeLogDisk>;

/** Writes until nothing more fits. */
const fill = (path: string): void => {
  const fd = openSync(path, 'w');
  try {
    for (let bytes = 65_536; bytes >= 1; ) {
      try {
        writeSync(fd, new Uint8Array(bytes));
      } catch {
        bytes = Math.floor(bytes / 4);
      }
    }
  } finally {
    closeSync(fd);
  }
};

/** Stops the processes, the first one first, and lets them go on in reverse order. */
export const suspend = async (pids: readonly number[], forMs: number): Promise<void> => {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await Bun.sleep(forMs);
  } finally {
    for (const pid of pids.toReversed()) process.kill(pid, 'SIGCONT');
  }
};

/** The history in the order of its making, whatever the clock said meanwhile. */
const historyFaults = async ({ product }: Played): Promise<string[]> => {
  const { items } = await product.json<Json>('/api/riffs?limit=200');
  const rows = (items as { seq: number; tsMs: number }[]).toReversed();
  const isInOrder = rows.every(({ seq }, at) => at === 0 || seq > (rows[at - 1]?.seq ?? seq));
  const times = rows.map(({ tsMs }) => tsMs);
  return [
    ...(isInOrder ? [] : ['the history is not in its order']),
    ...(Math.max(...times) - Math.min(...times) > 1.9 * HOUR_MS ? [] : ['the clock did not jump']),
  ];
};

export interface HeardAlone {
  readonly heard: Captured;
  /** From this frame on. */
  readonly from: number;
  /** Captures into all the other slots. */
  readonly stand: Played;
}

/** The loop in slot 1 is heard alone from now on. */
export const hearOne = async (stand: Played): Promise<HeardAlone> => {
  const { player, product } = stand;
  await stand.press();
  const [heard] = player.captured;
  if (!heard) throw new Error('nothing could be captured');
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const val = slot === heard.slot ? 1 : 0;
    await player.client.ask({ cmd: 'SET_VOL', slot, val });
  }
  let presses = 0;
  const press = () => {
    presses += 1;
    return player.press((heard.slot + 1 + (presses % (SLOTS - 1))) % SLOTS);
  };
  return { heard, from: player.frameNow() + BAR_FRAMES, stand: { player, product, press } };
};

export interface Weathered {
  /** Whether it still answers: what is dead is tried no further. */
  readonly answers: boolean;
  readonly faults: string[];
  readonly counts: Counts;
}

/** All of it but the suspend. */
export const weather = async (
  stand: Played,
  storm: Storm,
  { folder, log }: LogDisk,
): Promise<Weathered> => {
  const faults: string[] = [];
  const control = await play(stand, 2 * STRETCH_MS);
  storm.begin();
  const inStorm = await play(stand, STRETCH_MS);
  const made = await storm.end();
  const told = () => judgeLog(readLog(log)).stormLines;
  const isCounted = await until('each line is counted', () => told() === made, LATE_MS_MAX).catch(
    () => false,
  );
  if (!isCounted) faults.push(`of ${made} lines the log tells ${told()}`);

  fill(join(folder, 'fill'));
  storm.begin();
  const onFullDisk = await play(stand, STRETCH_MS).catch(() => null);
  if (onFullDisk === null) {
    const why = 'it answers no more when the disk of its log is full';
    return { answers: false, faults: [why], counts: {} };
  }
  const madeMore = await storm.end();
  rmSync(join(folder, 'fill'));
  storm.begin();
  const hasLost = () => judgeLog(readLog(log)).lost > 0;
  const isLost = await until('lost lines are counted', hasLost, LATE_MS_MAX).catch(() => false);
  const madeLast = await storm.end();
  if (!isLost) faults.push('nothing tells of the lines that were lost');

  for (const offsetMs of [HOUR_MS, -HOUR_MS, 0]) {
    storm.setClock(offsetMs);
    await play(stand, PRESS_MS * 3);
  }
  faults.push(...(await historyFaults(stand)));
  for (const late of [inStorm, onFullDisk]) {
    // The control is twice as long.
    if (isMoreThanControl(late, control)) faults.push(`${late} late blocks, ${control} without`);
  }
  return {
    answers: true,
    faults,
    counts: {
      linesLogged: made + madeMore + madeLast,
      lateBlocksInStorm: inStorm,
      lateBlocksOnFullDisk: onFullDisk,
      controlLateBlocks: control,
    },
  };
};
