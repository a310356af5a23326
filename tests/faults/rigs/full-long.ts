/**
 * A disk with room fills up, and is full for longer than memory lasts: a warning while ten minutes still have room,
 * then CRITICAL, a gap of exactly what is missing while the loops play on, and all is well again when there is room.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { TrialResult } from '../rig.ts';
import type { LoopDisk } from '../stand/loop-disk.ts';
import { censusFaults, missedFault } from '../stand/census-faults.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { codeOf } from './freeze.ts';
import { fill } from './full-disk.ts';
import { memorySeconds } from './past-memory.ts';
import { CRITICAL } from './trouble.ts';
import { onLoopDisk } from './on-loop-disk.ts';

const PAIRS = 8;
const MEMORY = { pairs: PAIRS, ringSeconds: 4, blocks: 3 };
/** Ten minutes of nine sources are 2 GB: at the start there is more. */
const DISK_MEGABYTES = 4096;
/** What the first filling leaves: less than ten minutes, and enough to write on. */
const LOW_BYTES = 500e6;
const LOW = 1001;
const PRESS_MS = 500;
const WARNED_MS_MAX = 8000;
/** It looks at the room more often than that; what is wrong by then shows. */
const SPACE_CHECKED_MS = 6000;
const GAP_MS_MAX = 120_000;
const GAP_HELD_MS = 3000;
const BACK_MS_MAX = 60_000;

const faultsOf = (stand: Stand): string[] => {
  const census = stand.census();
  const { declared } = census;
  const { messages } = stand.player.client;
  const told = messages.filter(({ code, type }) => type === 'NOTICE' && code === CRITICAL).length;
  return [
    ...(told === 1 ? [] : [`the player was told ${told} times`]),
    ...(declared > 0 ? [] : ['there was no gap']),
    ...censusFaults(census),
    ...missedFault(stand, census),
  ];
};

const standing = ({ player }: Stand): number[] =>
  Object.values<{ code: number }>(player.client.state().alerts).map(({ code }) => code);

/** Takes room without writing, until so much is left. */
const reserve = (path: string, folder: string, leave: number): void => {
  const { bavail, bsize } = statfsSync(folder);
  const bytes = `${Math.floor(bavail * bsize - leave)}`;
  const { status, stderr } = spawnSync('fallocate', ['-l', bytes, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`fallocate ${bytes}: ${stderr}`);
};

/** The warning comes when the limit is crossed, and neither before nor as an alarm. */
const warningFaults = async (stand: Stand, cross: () => void): Promise<string[]> => {
  await Bun.sleep(SPACE_CHECKED_MS);
  const isEarly = standing(stand).includes(LOW);
  cross();
  const isWarned = () => standing(stand).includes(LOW);
  const isLow = await until('the warning', isWarned, WARNED_MS_MAX).catch(() => false);
  const isCritical = standing(stand).includes(CRITICAL);
  return [
    ...(isEarly ? ['the player was warned with room for more than ten minutes'] : []),
    ...(isLow && !isCritical ? [] : ['the player was not warned before']),
  ];
};

const pressWhile = async (stand: Stand, goesOn: () => boolean): Promise<number> => {
  let refused = 0;
  while (goesOn()) {
    if (!(await stand.press())) refused += 1;
    await Bun.sleep(PRESS_MS);
  }
  return refused;
};

const runTrial = async (home: string, disk: LoopDisk): Promise<TrialResult> => {
  const env = {
    FLOWZONE_RING_SECONDS: `${MEMORY.ringSeconds}`,
    FLOWZONE_OVERFLOW_BLOCKS: `${MEMORY.blocks}`,
  };
  const data = join(disk.folder, 'data');
  const stand = await openStand({ home, data, code: codeOf(PAIRS), env, isHeard: true });
  const { books, player } = stand;
  await stand.press();
  await stand.unsaved(BACK_MS_MAX);
  const reserved = join(disk.folder, 'reserved');
  const warning = await warningFaults(stand, () => reserve(reserved, disk.folder, LOW_BYTES));
  const path = join(disk.folder, 'fill');
  fill(path, disk.folder, 0);
  const startMs = performance.now();
  const isOver = () => performance.now() - startMs > GAP_MS_MAX;
  let refused = await pressWhile(stand, () => books.gapSinceMs === null && !isOver());
  const heldUntil = performance.now() + GAP_HELD_MS;
  refused += await pressWhile(stand, () => performance.now() < heldUntil);
  const onsetMs = Math.round((books.gapSinceMs ?? Number.NaN) - startMs);
  rmSync(path);
  rmSync(reserved);
  const isWell = () =>
    books.latest?.state === 'ok' &&
    books.latest.overflowBytes === 0 &&
    !standing(stand).includes(LOW);
  const isBack = await until('all is well', isWell, BACK_MS_MAX).catch(() => false);
  const unsaved = await stand.unsaved(BACK_MS_MAX);
  const faults = await stand.finish();
  return {
    faults: [
      ...faults,
      ...faultsOf(stand),
      ...unsaved.map((id) => `${id} was never saved`),
      ...warning,
      ...(isBack ? [] : ['the disk was not well again']),
      ...(onsetMs > 1000 * (memorySeconds(MEMORY) - 1)
        ? []
        : [`the gap began after ${onsetMs} ms`]),
    ],
    counts: {
      captured: player.captured.length,
      judged: stand.judgedCount(),
      refused,
      gapFrames: books.gapFrames,
      onsetMsMin: onsetMs,
    },
  };
};

export const fullLong = onLoopDisk(DISK_MEGABYTES, runTrial);
