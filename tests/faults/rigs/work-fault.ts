/**
 * One operation of the disk fails while the store migrates or removes, any of all that the work takes; then the
 * work is done again. What was there before must be there in between, and the end must be that of work nobody disturbed.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { copy, doWork } from '../stand/do-work.ts';
import { FaultDisk, missingForFuse } from '../stand/fault-disk.ts';
import { prepare, type StoreWork } from '../stand/store-work.ts';
import { faultsAtCut, faultsAtEnd, goneFaults, stateOf } from '../stand/work-state.ts';

const openWorkFault = async (work: StoreWork): Promise<RigSession> => {
  const disk = await FaultDisk.open();
  let trials = 0;

  const trial = async (seed: number): Promise<TrialResult> => {
    trials += 1;
    const template = join(disk.home, `template-${trials}`);
    const reference = join(disk.folder, `end-${trials}`);
    const folder = join(disk.folder, `data-${trials}`);
    const behind = join(disk.behind, `data-${trials}`);
    const { needed } = prepare(work, template, seed);
    copy(template, reference);
    const operations = disk.count('operations');
    await doWork({ work }, reference);
    const n = 1 + Math.floor(makeRandom(seed)() * (disk.count('operations') - operations));
    const [before, after] = [stateOf(template), stateOf(reference)];
    copy(template, folder);
    const made = disk.count('failedOperations');
    await disk.set('operationErrorIn', n);
    const { isDone } = await doWork({ work }, folder, { cut: null, mayComplain: true });
    const faultsMade = disk.count('failedOperations') - made;
    await disk.calm();
    const faults = [
      ...faultsAtCut(work, { before, found: stateOf(behind), after }, isDone),
      ...goneFaults(behind, needed),
    ];
    await doWork({ work }, folder);
    faults.push(...faultsAtEnd(behind, after));
    for (const each of [template, reference, folder]) rmSync(each, { recursive: true });
    return {
      faults,
      counts: { faultsMade, operationMax: n, doneAtOnce: Number(isDone) },
      ...(faultsMade === 0 && {
        untried: `nothing was made to fail: there was no operation ${n}`,
      }),
    };
  };

  const close = async (): Promise<string[]> => {
    await disk.remove();
    return [];
  };

  return { trial, close };
};

export const workFault = (work: StoreWork): Rig => ({
  missing: missingForFuse,
  open: () => openWorkFault(work),
});
