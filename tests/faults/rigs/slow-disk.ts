/**
 * The disk takes less than what is played, or a little more: memory fills at the rate of the difference,
 * and only when it is full does a gap begin.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { missingForThrottle, throttle } from '../stand/throttle.ts';
import { codeOf } from './freeze.ts';
import { memorySeconds } from './past-memory.ts';

export interface SlowDisk {
  /** Of the bytes per second that the sound needs. */
  readonly percent: number;
  /** Watched for so long when no gap is expected before. */
  readonly seconds: number;
}

const PAIRS = 15;
const MEMORY = { pairs: PAIRS, ringSeconds: 4, blocks: 16 };
const NEEDED_BYTES = 2 * (PAIRS + 1) * 4 * RATE;
const DISK_MEGABYTES = 2048;
const SETTLED_FRAMES = 1.5 * RATE;
const BACK_MS_MAX = 90_000;
const ONSET_SHARE = 0.05;
const ANSWER_MS_MAX = 250;
const PERCENT = 100;

/** A block is given back when all of it is durable, and bytes are durable a batch at a time. */
const BLOCK_BYTES = 16_777_216;
const BATCH_BYTES = 8_388_608;
const UNUSED_SECONDS = (BLOCK_BYTES + BATCH_BYTES) / 2 / NEEDED_BYTES;

/** Seconds until memory is full, on average; infinite on a disk that is fast enough. */
const secondsUntilFull = ({ percent }: SlowDisk, owedFrames: number): number => {
  if (percent >= PERCENT) return Number.POSITIVE_INFINITY;
  return (memorySeconds(MEMORY) - UNUSED_SECONDS - owedFrames / RATE) / (1 - percent / PERCENT);
};

interface Onset {
  /** Null = there was no gap. */
  readonly seen: number | null;
  readonly predicted: number;
}

const faultsOf = (how: SlowDisk, stand: Stand, { predicted, seen }: Onset): string[] => {
  const { declared, missing, wrong } = stand.census();
  const isExpected = predicted < how.seconds;
  const isNear = seen !== null && Math.abs(seen - predicted) < ONSET_SHARE * predicted;
  stand.silenceFrame();
  return [
    ...(isExpected && !isNear ? [`the gap began after ${seen} s, not ${predicted}`] : []),
    ...(!isExpected && declared > 0 ? [`a gap of ${declared} frames`] : []),
    ...(missing === declared ? [] : [`${missing} frames are missing, ${declared} declared`]),
    ...(wrong === 0 ? [] : [`${wrong} frames in the spool are not what was played`]),
    ...(stand.census().missing === missing + 1 ? [] : ['the judge missed a silent frame']),
  ];
};

const runTrial = async (how: SlowDisk, home: string, disk: LoopDisk): Promise<TrialResult> => {
  const data = join(disk.folder, 'data');
  const env = {
    FLOWZONE_RING_SECONDS: `${MEMORY.ringSeconds}`,
    FLOWZONE_OVERFLOW_BLOCKS: `${MEMORY.blocks}`,
  };
  const stand = await openStand({ home, data, code: codeOf(PAIRS), env, isHeard: true });
  const { books } = stand;
  // Only one: what is written for loops would be no part of what the sound needs.
  await stand.press();
  await stand.unsaved(BACK_MS_MAX);
  await until('the disk has settled', () => books.owedFrames < SETTLED_FRAMES, BACK_MS_MAX);
  const predicted = secondsUntilFull(how, books.owedFrames);
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

export const slowDisk = (how: SlowDisk): Rig => ({
  missing: () => missingForDisks() ?? missingForThrottle(),
  open: () =>
    Promise.resolve({
      async trial() {
        const home = makeDiskFolder();
        const disk = new LoopDisk(DISK_MEGABYTES);
        // One that was killed may have left its limit with the device.
        throttle(disk.folder, 0);
        try {
          return await runTrial(how, home, disk);
        } finally {
          throttle(disk.folder, 0);
          disk.remove();
          removeDiskFolder(home);
        }
      },
      close: () => Promise.resolve([]),
    }),
});
