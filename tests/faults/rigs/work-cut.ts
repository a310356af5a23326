/**
 * The power goes while the store migrates, backs up or removes; then the work is done again. What was
 * there before must be there at the cut, and the end must be that of work nobody disturbed.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { copy, doWork, type HowToWork } from '../stand/do-work.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { prepare } from '../stand/store-work.ts';
import { faultsAtCut, faultsAtEnd, goneFaults, stateOf } from '../stand/work-state.ts';

const DISK_MEGABYTES = 256;
/** Some cuts come right after the work: what it had done must last. */
const LATE_SHARE = 1.3;

const openWorkCut = async (how: HowToWork): Promise<RigSession> => {
  const home = makeDiskFolder();
  const disk = new LoopDisk(DISK_MEGABYTES);
  let trials = 0;

  const trial = async (seed: number): Promise<TrialResult> => {
    trials += 1;
    const template = join(home, `template-${trials}`);
    const reference = join(disk.folder, `end-${trials}`);
    const folder = join(disk.folder, `data-${trials}`);
    const { needed } = prepare(how.work, template, seed);
    copy(template, reference);
    const { ms } = await doWork({ work: how.work }, reference);
    const [before, after] = [stateOf(template), stateOf(reference)];
    copy(template, folder);
    spawnSync('sync', ['-f', folder]);
    const afterMs = makeRandom(seed)() * LATE_SHARE * ms;
    const { isDone } = await doWork(how, folder, {
      cut: { afterMs, now: () => disk.cutPower() },
    });
    await disk.unmount();
    disk.mount();
    const faults = [
      ...faultsAtCut(how.work, { before, found: stateOf(folder), after }, isDone),
      ...goneFaults(folder, needed),
    ];
    await doWork({ work: how.work }, folder);
    faults.push(...faultsAtEnd(folder, after));
    for (const each of [template, reference, folder]) rmSync(each, { recursive: true });
    return {
      faults,
      counts: { cutBeforeEnd: Number(!isDone), cutAfterEnd: Number(isDone) },
    };
  };

  const close = async (): Promise<string[]> => {
    disk.remove();
    removeDiskFolder(home);
    return [];
  };

  return { trial, close };
};

export const workCut = (how: HowToWork): Rig => ({
  missing: () =>
    missingForDisks() ?? (how.lazy && Bun.which('cc') === null ? 'no C compiler' : null),
  open: () => openWorkCut(how),
});
