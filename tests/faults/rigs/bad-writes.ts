/** Writes that are slow, fail or end too early, for some seconds; nothing may be missing afterwards. */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { type DiskCount, FaultDisk, type DiskFault, missingForFuse } from '../stand/fault-disk.ts';
import { RATE } from '../stand/lives.ts';
import { openStand } from '../stand/stand.ts';

export interface BadWrites {
  readonly fault: DiskFault;
  readonly value: number;
  /** How often it happened; 0 would prove nothing. */
  readonly counted: DiskCount;
  readonly seconds: number;
  readonly pressMs: number;
}

const SAVED_MS_MAX = 20_000;
const SETTLED_FRAMES = 1.5 * RATE;
/** Only the two threads of the disk wait for a slow write; a mute is answered as usual. */
const ANSWER_MS_MAX = 250;

const openBadWrites = async (how: BadWrites): Promise<RigSession> => {
  const disk = await FaultDisk.open();
  const stand = await openStand({
    home: disk.home,
    data: join(disk.folder, 'data'),
    isHeard: true,
  });
  const { books, player } = stand;

  const trial = async (seed: number): Promise<TrialResult> => {
    const random = makeRandom(seed);
    const before = disk.count(how.counted);
    const captured = player.captured.length;
    const savedBefore = player.savedCount();
    let refused = 0;
    let muteMsMax = 0;
    await disk.set(how.fault, how.value);
    const end = performance.now() + how.seconds * 1000;
    while (performance.now() < end) {
      if (!(await stand.press())) refused += 1;
      muteMsMax = Math.max(muteMsMax, Math.round(await stand.muteMs()));
      await Bun.sleep(random() * 2 * how.pressMs);
    }
    await disk.calm();
    const unsaved = await stand.unsaved(SAVED_MS_MAX);
    await until('the rest is written', () => books.owedFrames < SETTLED_FRAMES, SAVED_MS_MAX);
    const hits = disk.count(how.counted) - before;
    return {
      faults: [
        ...books.faults.splice(0),
        ...unsaved.map((id) => `${id} was never saved`),
        ...(books.gapFrames > 0 ? [`a gap of ${books.gapFrames} frames`] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(muteMsMax > ANSWER_MS_MAX ? [`a mute took ${muteMsMax} ms`] : []),
        ...(hits === 0 ? ['the fault never happened'] : []),
      ],
      counts: {
        faultsMade: hits,
        captured: player.captured.length - captured,
        judged: player.savedCount() - savedBefore,
        gapFrames: books.gapFrames,
        backlogFramesMax: books.backlogFramesMax,
        muteMsMax,
      },
    };
  };

  const close = async (): Promise<string[]> => {
    const heard = player.frameNow();
    const faults = await stand.finish();
    const held = Math.min(...stand.spooledFrames());
    if (held < heard) faults.push(`the spool holds ${held} of ${heard} frames`);
    await disk.remove();
    return faults;
  };

  return { trial, close };
};

export const badWrites = (how: BadWrites): Rig => ({
  missing: missingForFuse,
  open: () => openBadWrites(how),
});
