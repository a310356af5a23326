/**
 * The disk stands still while many sources are recorded; nothing may be missing afterwards, and memory
 * that was taken meanwhile is given back.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { Code } from '../judge/coded.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { engineBytes } from '../stand/memory.ts';
import { openStand, type Stand } from '../stand/stand.ts';

export interface Freeze {
  readonly seconds: number;
  /** Stereo pairs; source 0 is their sum. */
  readonly pairs: number;
  /** The stall is longer than the ring, which is so long in place of its full size. */
  readonly overflow?: { readonly ringSeconds: number };
}

const COMMIT_MS = 2000;
const DISK_MEGABYTES = 4096;
const MEGABYTE = 1_048_576;
/** A fifth of the stall may pass until the disk has caught up; after a short one, this long. */
const DRAIN_SHARE = 0.2;
const DRAIN_MS_MIN = 2000;
const GIVEN_UP_MS = 120_000;
const SAVED_MS_MAX = 20_000;
const SETTLED_FRAMES = 1.5 * RATE;
/** So near to what it was before, and so soon, memory is again. */
const MEMORY_SHARE = 0.05;
const MEMORY_MS_MAX = 30_000;
/** A press or a mute is answered as if nothing were. */
const ANSWER_MS_MAX = 250;

export const codeOf = (pairs: number): Code => ({
  channels: 2 * pairs,
  periodFrames: Math.floor(2 ** 24 / (2 * pairs)),
});

const playThroughFreeze = async (stand: Stand, thawed: Promise<void>) => {
  const slowest = { pressMsMax: 0, muteMsMax: 0 };
  const frozen = { isOver: false };
  void thawed.then(() => (frozen.isOver = true));
  let refused = 0;
  while (!frozen.isOver) {
    const start = performance.now();
    if (!(await stand.press())) refused += 1;
    slowest.pressMsMax = Math.max(slowest.pressMsMax, Math.round(performance.now() - start));
    slowest.muteMsMax = Math.max(slowest.muteMsMax, Math.round(await stand.muteMs()));
    await Promise.race([thawed, Bun.sleep(COMMIT_MS)]);
  }
  return { slowest, refused };
};

/** What of the second buffer was used, and how long it took until memory was as before. */
const memoryBack = async (stand: Stand, bytesBefore: number) => {
  const { books, product } = stand;
  const start = performance.now();
  const difference = async () => (await engineBytes(product)) - bytesBefore;
  const isBack = await until(
    'memory is as before',
    async () =>
      books.latest?.overflowBytes === 0 &&
      Math.abs(await difference()) < MEMORY_SHARE * bytesBefore,
    MEMORY_MS_MAX,
  ).catch(() => false);
  return {
    faults: [
      ...(isBack ? [] : [`${await difference()} bytes more than ${bytesBefore} before`]),
      ...(books.overflowBytesMax > 0 ? [] : ['the overflow was not used']),
    ],
    counts: {
      overflowMbMax: Math.round(books.overflowBytesMax / MEGABYTE),
      memoryMbMax: Math.round(bytesBefore / MEGABYTE),
      memoryBackMsMax: Math.round(performance.now() - start),
    },
  };
};

const faultsOf = (how: Freeze, stand: Stand, drainMs: number): string[] => {
  const { books } = stand;
  const drainMsMax = Math.max(DRAIN_MS_MIN, DRAIN_SHARE * how.seconds * 1000);
  return [
    ...(books.gapFrames > 0 ? [`a gap of ${books.gapFrames} frames`] : []),
    ...(books.states.has('critical') ? ['the disk was called critical'] : []),
    ...(drainMs > drainMsMax ? [`${Math.round(drainMs)} ms until the disk had caught up`] : []),
  ];
};

const openFreezes = async (how: Freeze): Promise<RigSession> => {
  const home = makeDiskFolder();
  const disk = new LoopDisk(DISK_MEGABYTES);
  const code = codeOf(how.pairs);
  const env = how.overflow ? { FLOWZONE_RING_SECONDS: `${how.overflow.ringSeconds}` } : {};
  const stand = await openStand({
    home,
    data: join(disk.folder, 'data'),
    code,
    env,
    isHeard: true,
  });
  const { books, player } = stand;

  const trial = async (): Promise<TrialResult> => {
    await stand.press();
    await until('the disk has settled', () => books.owedFrames < SETTLED_FRAMES, GIVEN_UP_MS);
    const savedBefore = player.savedCount();
    const bytesBefore = await engineBytes(stand.product);
    const { thawed } = await disk.freeze(how.seconds);
    const { refused, slowest } = await playThroughFreeze(stand, thawed);
    const thaw = performance.now();
    await until('the rest is written', () => books.owedFrames < SETTLED_FRAMES, GIVEN_UP_MS);
    const drainMs = performance.now() - thaw;
    const memory = how.overflow ? await memoryBack(stand, bytesBefore) : null;
    const unsaved = await stand.unsaved(SAVED_MS_MAX);
    const isSlow = slowest.pressMsMax > ANSWER_MS_MAX || slowest.muteMsMax > ANSWER_MS_MAX;
    return {
      faults: [
        ...faultsOf(how, stand, drainMs),
        ...(memory?.faults ?? []),
        ...books.faults.splice(0),
        ...unsaved.map((id) => `${id} was never saved`),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(isSlow ? [`a press took ${slowest.pressMsMax}, a mute ${slowest.muteMsMax} ms`] : []),
      ],
      counts: {
        frozenSeconds: how.seconds,
        judged: player.savedCount() - savedBefore,
        gapFrames: books.gapFrames,
        backlogFramesMax: books.backlogFramesMax,
        drainMsMax: Math.round(drainMs),
        ...memory?.counts,
        ...slowest,
      },
    };
  };

  /** Everything is in the files, of every source, to the last frame that was counted. */
  const close = async (): Promise<string[]> => {
    const heard = player.frameNow();
    const faults = await stand.finish();
    const held = Math.min(...stand.spooledFrames());
    if (held < heard) faults.push(`the spool holds ${held} of ${heard} frames`);
    stand.silenceFrame();
    if (Math.min(...stand.spooledFrames()) === held) faults.push('the judge missed a silent frame');
    disk.remove();
    removeDiskFolder(home);
    return faults;
  };

  return { trial, close };
};

export const freeze = (how: Freeze): Rig => ({
  missing: missingForDisks,
  open: () => openFreezes(how),
});
