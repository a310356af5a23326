/** The disk fails for good: below the loop device there is no room, and every write ends with EIO. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { killAll, startLife } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { openStand } from '../stand/stand.ts';
import { playUntilAlert } from './trouble.ts';

const MEMORY_MEGABYTES = 96;
const DISK_MEGABYTES = 256;
const PLAY_MS_MAX = 1500;
const PRESS_MS = 80;
const NOTICED_MS_MAX = 2000;
const PRESSES_AFTER = 5;

const trial = async (seed: number): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const home = makeDiskFolder();
  const memory = join(home, 'memory');
  const fill = join(memory, 'fill');
  mkdirSync(memory);
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEMORY_MEGABYTES}m`, 'tmpfs', memory]);
  const disk = new LoopDisk(DISK_MEGABYTES, memory);
  const data = join(disk.folder, 'data');
  try {
    const stand = await openStand({ home, data });
    const end = performance.now() + random() * PLAY_MS_MAX;
    do {
      await stand.press();
      await Bun.sleep(random() * PRESS_MS);
    } while (performance.now() < end);
    spawnSync('dd', ['if=/dev/zero', `of=${fill}`, 'bs=64k']);
    const alertMs = await playUntilAlert(stand, NOTICED_MS_MAX);
    let refused = 0;
    for (let press = 0; press < PRESSES_AFTER; press += 1) {
      if (!(await stand.press())) refused += 1;
    }
    const muteMs = Math.round(await stand.muteMs());
    const acks = stand.player.savedCount();
    const faults = await stand.cut(data, async () => {
      rmSync(fill);
      await disk.unmount();
      disk.mount();
    });
    const again = await startLife(data, join(home, 'input-2.wav'));
    const code = await again.stop();
    await killAll(again);
    return {
      faults: [
        ...faults,
        ...(alertMs === null ? ['the player was not told in time'] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(code === 0 ? [] : [`opened again, it ended with ${code}`]),
      ],
      counts: { acks, alertMsMax: Math.round(alertMs ?? 0), muteMsMax: muteMs, refused },
    };
  } finally {
    disk.remove();
    removeDiskFolder(home);
  }
};

export const deadDisk = (): Rig => ({
  missing: missingForDisks,
  open: () => Promise.resolve({ trial, close: () => Promise.resolve([]) }),
});
