/**
 * The disk takes less than what is played, or a little more: memory fills at the rate of the difference,
 * and only when it is full does a gap begin.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import type { LoopDisk } from '../stand/loop-disk.ts';
import { censusFaults, missedFault } from '../stand/census-faults.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { missingForThrottle, throttle } from '../stand/throttle.ts';
import { codeOf } from './freeze.ts';
import { memorySeconds } from './past-memory.ts';
import { onLoopDisk } from './on-loop-disk.ts';

export interface SlowDisk {
  /** Of the bytes per second that the sound needs. */
  readonly percent: number;
  /** Watched for so long when no gap is expected before. */
  readonly seconds: number;
  /** Of overflow. */
  readonly blocks: number;
}

const PAIRS = 15;
const RING_SECONDS = 4;
const NEEDED_BYTES = 2 * (PAIRS + 1) * 4 * RATE;
const DISK_MEGABYTES = 2048;
const SETTLED_FRAMES = 1.5 * RATE;
const BACK_MS_MAX = 90_000;
/** Share of what the disk takes that is not sound: checksums, names, the journal of the file system. */
const BESIDE_SHARE = 0.03;
const ONSET_SHARE = 0.05;
/** Where the disk lacks less than this its own few hundredths decide when memory is full. */
const LACK_SHARE_MIN = 0.2;
const ANSWER_MS_MAX = 250;
const PERCENT = 100;

/** A block is given back when all of it is durable, and bytes are durable a batch at a time. */
const BLOCK_BYTES = 16_777_216;
const BATCH_BYTES = 8_388_608;
const UNUSED_SECONDS = (BLOCK_BYTES + BATCH_BYTES) / 2 / NEEDED_BYTES;
/** The books are looked at now and then. */
const LOOK_SECONDS = 0.5;

/** What memory holds when a gap begins. */
const fullSeconds = ({ blocks }: SlowDisk): number =>
  memorySeconds({ pairs: PAIRS, ringSeconds: RING_SECONDS, blocks }) - UNUSED_SECONDS;

/** Seconds until memory is full; infinite on a disk that is fast enough. */
const predictedSeconds = (how: SlowDisk, owedFrames: number): number => {
  const lostShare = 1 - ((1 - BESIDE_SHARE) * how.percent) / PERCENT;
  return lostShare > 0 ? (fullSeconds(how) - owedFrames / RATE) / lostShare : Infinity;
};

interface Onset {
  /** Null = there was no gap. */
  readonly seen: number | null;
  readonly predicted: number;
}

/** Memory is full, and for no other reason there is a gap; and it is full when it should be. */
const onsetFaults = (how: SlowDisk, stand: Stand, { predicted, seen }: Onset): string[] => {
  if (seen === null) return ['there was no gap'];
  const held = stand.books.backlogFramesMax / RATE;
  const isFull = Math.abs(held - fullSeconds(how)) < UNUSED_SECONDS + LOOK_SECONDS;
  const isSure = how.percent < PERCENT * (1 - LACK_SHARE_MIN);
  const isNear = !isSure || Math.abs(seen - predicted) < ONSET_SHARE * predicted;
  return [
    ...(isFull
      ? []
      : [`a gap with ${held.toFixed(1)} s in memory, of ${fullSeconds(how).toFixed(1)}`]),
    ...(isNear ? [] : [`the gap began after ${seen.toFixed(1)} s, not ${predicted.toFixed(1)}`]),
  ];
};

const faultsOf = (how: SlowDisk, stand: Stand, onset: Onset): string[] => {
  const census = stand.census();
  const isExpected = onset.predicted < how.seconds;
  return [
    ...(isExpected ? onsetFaults(how, stand, onset) : []),
    ...(!isExpected && census.declared > 0 ? [`a gap of ${census.declared} frames`] : []),
    ...censusFaults(census),
    ...missedFault(stand, census),
  ];
};

const runTrial = async (how: SlowDisk, home: string, disk: LoopDisk): Promise<TrialResult> => {
  const data = join(disk.folder, 'data');
  const env = {
    FLOWZONE_RING_SECONDS: `${RING_SECONDS}`,
    FLOWZONE_OVERFLOW_BLOCKS: `${how.blocks}`,
  };
  const stand = await openStand({ home, data, code: codeOf(PAIRS), env, isHeard: true });
  const { books } = stand;
  // Only one: what is written for loops would be no part of what the sound needs.
  await stand.press();
  await stand.unsaved(BACK_MS_MAX);
  await until('the disk has settled', () => books.owedFrames < SETTLED_FRAMES, BACK_MS_MAX);
  const predicted = predictedSeconds(how, books.owedFrames);
  throttle(disk.folder, Math.round((NEEDED_BYTES * how.percent) / PERCENT));
  const start = performance.now();
  const isOver = () => books.gapSinceMs !== null || performance.now() - start > how.seconds * 1000;
  let muteMsMax = 0;
  while (!isOver()) {
    muteMsMax = Math.max(muteMsMax, Math.round(await stand.muteMs()));
    await Bun.sleep(500);
  }
  throttle(disk.folder, 0);
  const seen = books.gapSinceMs === null ? null : (books.gapSinceMs - start) / 1000;
  const isWell = () => books.latest?.state === 'ok' && books.owedFrames < SETTLED_FRAMES;
  const isBack = await until('all is well', isWell, BACK_MS_MAX).catch(() => false);
  const faults = await stand.finish();
  return {
    faults: [
      ...faults,
      ...faultsOf(how, stand, { predicted, seen }),
      ...(isBack ? [] : ['the disk was not well again']),
      ...(muteMsMax > ANSWER_MS_MAX ? [`a mute took ${muteMsMax} ms`] : []),
    ],
    counts: {
      percentMax: how.percent,
      seconds: Math.round(seen ?? how.seconds),
      judged: stand.judgedCount(),
      gapFrames: books.gapFrames,
      ...(seen !== null && {
        predictedMsMax: Math.round(predicted * 1000),
        onsetMsMax: Math.round(seen * 1000),
      }),
      backlogFramesMax: books.backlogFramesMax,
      muteMsMax,
    },
  };
};

export const slowDisk = (how: SlowDisk): Rig => {
  const rig = onLoopDisk(DISK_MEGABYTES, async (home, disk) => {
    // One that was killed may have left its limit with the device.
    throttle(disk.folder, 0);
    try {
      return await runTrial(how, home, disk);
    } finally {
      throttle(disk.folder, 0);
    }
  });
  return { ...rig, missing: () => rig.missing() ?? missingForThrottle() };
};
