/**
 * The disk is full for longer than memory lasts: a warning first, then CRITICAL, a gap of exactly what is
 * missing while the loops play on, and all is well again when there is room.
 */
import { rmSync } from 'node:fs';
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
const DISK_MEGABYTES = 512;
const LOW = 1001;
const PRESS_MS = 500;
const WARNED_MS_MAX = 8000;
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
  // There is room for less than ten minutes.
  const isWarned = () => standing(stand).includes(LOW);
  const isLow = await until('the warning', isWarned, WARNED_MS_MAX).catch(() => false);
  const wasCritical = standing(stand).includes(CRITICAL);
  const path = join(disk.folder, 'fill');
  fill(path, disk.folder, 0);
  const startMs = performance.now();
  const isOver = () => performance.now() - startMs > GAP_MS_MAX;
  let refused = await pressWhile(stand, () => books.gapSinceMs === null && !isOver());
  const heldUntil = performance.now() + GAP_HELD_MS;
  refused += await pressWhile(stand, () => performance.now() < heldUntil);
  const onsetMs = Math.round((books.gapSinceMs ?? Number.NaN) - startMs);
  rmSync(path);
  const isWell = () => books.latest?.state === 'ok' && books.latest.overflowBytes === 0;
  const isBack = await until('all is well', isWell, BACK_MS_MAX).catch(() => false);
  const unsaved = await stand.unsaved(BACK_MS_MAX);
  const faults = await stand.finish();
  return {
    faults: [
      ...faults,
      ...faultsOf(stand),
      ...unsaved.map((id) => `${id} was never saved`),
      ...(isLow && !wasCritical ? [] : ['the player was not warned before']),
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
