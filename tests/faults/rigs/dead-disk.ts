/**
 * The disk fails for good: from one moment on every write of the loop device ends with EIO. With a second
 * folder the recording goes on there.
 *
 * It fails as a whole. A device that refuses some writes and takes others loses what it has synced,
 * whoever asked for it: one without room below it, 3 of 150 times to a program that does nothing but
 * write and sync.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { FaultDisk, missingForFuse } from '../stand/fault-disk.ts';
import { killAll, RATE, startLife } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import { CRITICAL, playUntilAlert } from './trouble.ts';

const DISK_MEGABYTES = 256;
const PLAY_MS_MAX = 1500;
const PRESS_MS = 80;
const NOTICED_MS_MAX = 2000;
const PRESSES_AFTER = 5;
const SAVED_MS_MAX = 10_000;
const EVERY_WRITE = 1000;
const SECOND = 1007;
const SETTLED_FRAMES = 1.5 * RATE;

export interface DeadDisk {
  readonly hasSecond?: boolean;
}

/** With a second folder nobody is alarmed, and nothing is missing. */
const secondFaults = async ({ books, player }: Stand): Promise<string[]> => {
  const { messages } = player.client;
  const isTold = () => messages.some(({ code, type }) => type === 'NOTICE' && code === SECOND);
  const isHeld = await until('it goes on', () => isTold() && books.owedFrames < SETTLED_FRAMES)
    .then(() => true)
    .catch(() => false);
  return [
    ...(isHeld ? [] : ['the recording did not go on in the second folder']),
    ...(books.states.has('critical') ? ['the disk was called critical'] : []),
    ...(books.gapFrames > 0 ? [`a gap of ${books.gapFrames} frames`] : []),
  ];
};

const trial = async (seed: number, { hasSecond = false }: DeadDisk): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const home = makeDiskFolder();
  const device = await FaultDisk.open();
  const disk = new LoopDisk(DISK_MEGABYTES, device.folder);
  const data = join(disk.folder, 'data');
  try {
    const more = hasSecond ? ['--second', join(home, 'second')] : [];
    const stand = await openStand({ home, data, more, isHeard: true });
    await stand.press();
    await stand.unsaved(SAVED_MS_MAX);
    const end = performance.now() + random() * PLAY_MS_MAX;
    do {
      await stand.press();
      await Bun.sleep(random() * PRESS_MS);
    } while (performance.now() < end);
    await device.set('writeErrorsPerMille', EVERY_WRITE);
    const alertMs = await playUntilAlert(stand, NOTICED_MS_MAX, hasSecond ? SECOND : CRITICAL);
    let refused = 0;
    for (let press = 0; press < PRESSES_AFTER; press += 1) {
      if (!(await stand.press())) refused += 1;
    }
    const second = hasSecond ? await secondFaults(stand) : [];
    const muteMs = Math.round(await stand.muteMs());
    // Some have left their slots since.
    await stand.unsaved(0);
    const faults = await stand.cut(data, async () => {
      await device.set('writeErrorsPerMille', 0);
      await disk.unmount();
      disk.mount();
    });
    const again = await startLife(data, join(home, 'input-2.wav'));
    const code = await again.stop();
    await killAll(again);
    return {
      faults: [
        ...faults,
        ...second,
        ...(alertMs === null ? ['the player was not told in time'] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(code === 0 ? [] : [`opened again, it ended with ${code}`]),
      ],
      counts: {
        judged: stand.judgedCount(),
        alertMsMax: Math.round(alertMs ?? 0),
        muteMsMax: muteMs,
        refused,
      },
    };
  } finally {
    disk.remove();
    await device.remove();
    removeDiskFolder(home);
  }
};

export const deadDisk = (how: DeadDisk = {}): Rig => ({
  missing: () => missingForDisks() ?? missingForFuse(),
  open: () =>
    Promise.resolve({ trial: (seed) => trial(seed, how), close: () => Promise.resolve([]) }),
});
