/**
 * The disk takes nothing, or too little, for longer than memory lasts: told once, one gap of exactly what
 * is missing, and all is well again by itself. The loops play on meanwhile.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { noMemoryEnv } from '../stand/no-memory.ts';
import { RATE } from '../stand/lives.ts';
import type { LoopDisk } from '../stand/loop-disk.ts';
import { censusFaults, missedFault } from '../stand/census-faults.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { codeOf } from './freeze.ts';
import { onLoopDisk } from './on-loop-disk.ts';

export interface PastMemory {
  readonly freezeSeconds: number;
  readonly pairs: number;
  /** In place of its full size, which is that of the look-back. */
  readonly ringSeconds: number;
  readonly blocks: number;
  /** The engine may have as many blocks as ever, but the system has no memory for more than these. */
  readonly isRefused?: boolean;
}

const DISK_MEGABYTES = 4096;
const BLOCK_BYTES = 16_777_216;
const SAMPLE_BYTES = 4;
const PRESS_MS = 2000;
const SETTLED_FRAMES = 1.5 * RATE;
const BACK_MS_MAX = 60_000;
const ANSWER_MS_MAX = 250;
const CRITICAL = 1002;
/** What waits when the freeze begins, and what the poll of the books is late. */
const TOLERANCE_SECONDS = 1.6;

/** Seconds of sound that memory holds. */
export const memorySeconds = ({
  blocks,
  pairs,
  ringSeconds,
}: Omit<PastMemory, 'freezeSeconds'>) => {
  const bytesPerSecond = 2 * (pairs + 1) * SAMPLE_BYTES * RATE;
  return ringSeconds + (blocks * BLOCK_BYTES) / bytesPerSecond;
};

const envOf = ({ blocks, isRefused = false, ringSeconds }: PastMemory): Record<string, string> => ({
  FLOWZONE_RING_SECONDS: `${ringSeconds}`,
  ...(isRefused ? noMemoryEnv(BLOCK_BYTES, blocks) : { FLOWZONE_OVERFLOW_BLOCKS: `${blocks}` }),
});

const playUntil = async (stand: Stand, over: Promise<void>) => {
  const most = { pressMsMax: 0, muteMsMax: 0 };
  const frozen = { isOver: false };
  void over.then(() => (frozen.isOver = true));
  let refused = 0;
  while (!frozen.isOver) {
    const start = performance.now();
    if (!(await stand.press())) refused += 1;
    most.pressMsMax = Math.max(most.pressMsMax, Math.round(performance.now() - start));
    most.muteMsMax = Math.max(most.muteMsMax, Math.round(await stand.muteMs()));
    await Promise.race([over, Bun.sleep(PRESS_MS)]);
  }
  return { ...most, refused };
};

const faultsOf = (how: PastMemory, stand: Stand, onsetSeconds: number): string[] => {
  const census = stand.census();
  const { gaps } = census;
  const { messages } = stand.player.client;
  const told = messages.filter(({ code, type }) => type === 'NOTICE' && code === CRITICAL).length;
  const predicted = memorySeconds(how);
  return [
    ...(told === 1 ? [] : [`the player was told ${told} times`]),
    ...(gaps === 1 ? [] : [`${gaps} gaps`]),
    ...censusFaults(census),
    ...(Math.abs(onsetSeconds - predicted) < TOLERANCE_SECONDS
      ? []
      : [`the gap began after ${onsetSeconds} s, not ${predicted}`]),
    ...missedFault(stand, census),
  ];
};

const runTrial = async (how: PastMemory, home: string, disk: LoopDisk): Promise<TrialResult> => {
  const data = join(disk.folder, 'data');
  const stand = await openStand({
    home,
    data,
    code: codeOf(how.pairs),
    env: envOf(how),
    isHeard: true,
  });
  const { books, player } = stand;
  await stand.press();
  await until('the disk has settled', () => books.owedFrames < SETTLED_FRAMES, BACK_MS_MAX);
  const { thawed } = await disk.freeze(how.freezeSeconds);
  const frozenMs = performance.now();
  const { muteMsMax, pressMsMax, refused } = await playUntil(stand, thawed);
  const isWell = () => books.latest?.state === 'ok' && books.latest.overflowBytes === 0;
  const isBack = await until('all is well', isWell, BACK_MS_MAX).catch(() => false);
  const unsaved = await stand.unsaved(BACK_MS_MAX);
  const faults = await stand.finish();
  const onsetSeconds = ((books.gapSinceMs ?? 0) - frozenMs) / 1000;
  const isSlow = pressMsMax > ANSWER_MS_MAX || muteMsMax > ANSWER_MS_MAX;
  return {
    faults: [
      ...faults,
      ...faultsOf(how, stand, onsetSeconds),
      ...unsaved.map((id) => `${id} was never saved`),
      ...(isBack ? [] : ['the disk was not well again']),
      ...(isSlow ? [`a press took ${pressMsMax}, a mute ${muteMsMax} ms`] : []),
    ],
    counts: {
      frozenSeconds: how.freezeSeconds,
      captured: player.captured.length,
      judged: stand.judgedCount(),
      refused,
      gapFrames: books.gapFrames,
      overflowMbMax: Math.round(books.overflowBytesMax / 2 ** 20),
      onsetMsMax: Math.round(onsetSeconds * 1000),
      predictedMsMax: Math.round(memorySeconds(how) * 1000),
      pressMsMax,
      muteMsMax,
    },
  };
};

export const pastMemory = (how: PastMemory): Rig =>
  onLoopDisk(DISK_MEGABYTES, (home, disk) => runTrial(how, home, disk));
