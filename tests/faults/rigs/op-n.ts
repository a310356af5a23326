/**
 * One operation of the disk fails: a sync that loses what it should have kept, or the N-th change of
 * any kind, for all N. Then everything ends at once, and the files alone must hold what was called saved.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { FaultDisk, missingForFuse } from '../stand/fault-disk.ts';
import { lazySyncEnv } from '../stand/lazy-sync.ts';
import { killAll, startLife } from '../stand/lives.ts';
import { openStand } from '../stand/stand.ts';

export interface OneFault {
  readonly fault: 'syncErrorIn' | 'operationErrorIn' | 'soundSyncErrors';
  readonly counted: 'failedSyncs' | 'failedOperations';
  /** N runs from 1 to this, trial by trial. */
  readonly operations: number;
  readonly presses: number;
  /** A control: FlowZone believes that what failed was done. */
  readonly trusts?: boolean;
}

const PRESS_MS_MAX = 120;
/** What failed once is tried again soon. */
const SAVED_MS_MAX = 10_000;
/** Rolls are written a bar later; N may point at them. */
const FIRED_MS_MAX = 3000;

const openOneFault = async (how: OneFault): Promise<RigSession> => {
  const disk = await FaultDisk.open();
  const env = how.trusts ? lazySyncEnv('trust') : {};
  let lives = 0;

  /** What the fault and the end left is opened, and ends in order. */
  const opensAgain = async (data: string): Promise<string[]> => {
    const product = await startLife(data, join(disk.home, 'input-2.wav'));
    const code = await product.stop();
    await killAll(product);
    return code === 0 ? [] : [`opened again, it ended with ${code}`];
  };

  const trial = async (seed: number): Promise<TrialResult> => {
    const random = makeRandom(seed);
    const n = 1 + (seed % how.operations);
    lives += 1;
    const data = join(disk.folder, `data-${lives}`);
    const stand = await openStand({ home: disk.home, data, env });
    const before = disk.count(how.counted);
    await stand.press();
    await stand.unsaved(SAVED_MS_MAX);
    await disk.set(how.fault, n);
    for (let press = 0; press < how.presses; press += 1) {
      await stand.press();
      await Bun.sleep(random() * PRESS_MS_MAX);
    }
    const hasFired = () => disk.count(how.counted) > before;
    const isTried = await until('the fault', hasFired, FIRED_MS_MAX).catch(() => false);
    const unsaved = await stand.unsaved(SAVED_MS_MAX);
    const { gapFrames } = stand.books;
    const faults = await stand.cut(join(disk.behind, `data-${lives}`));
    const counts = {
      faultsMade: disk.count(how.counted) - before,
      operationMax: n,
      judged: stand.judgedCount(),
      gapFrames,
    };
    await disk.calm();
    return {
      faults: [
        ...faults,
        ...unsaved.map((id) => `${id} was never saved`),
        ...(gapFrames > 0 ? [`a gap of ${gapFrames} frames`] : []),
        ...(await opensAgain(data)),
      ],
      counts,
      ...(!isTried && { untried: `nothing was made to fail: there was no operation ${n}` }),
    };
  };

  const close = async (): Promise<string[]> => {
    await disk.remove();
    return [];
  };

  return { trial, close };
};

export const oneFault = (how: OneFault): Rig => ({
  missing: missingForFuse,
  open: () => openOneFault(how),
});
