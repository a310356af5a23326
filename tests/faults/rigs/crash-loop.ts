/**
 * Three crashes of a start, within a minute or spread over an hour by a clock of ours, and after any of
 * them the power goes: what was counted is on disk, and the ladder of Safe Mode is climbed once or not.
 */
import { join } from 'node:path';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { type LazySync, lazySyncEnv } from '../stand/lazy-sync.ts';
import { LoopDisk, missingForDisks } from '../stand/loop-disk.ts';

const DISK_MEGABYTES = 32;
const SCRIPT = join(import.meta.dirname, '../stand/guard-child.ts');
const FIRST_MS = 1e12;
const MINUTE_MS = 60_000;
/** Apart by so much, three are spread over about an hour. */
const SPREAD_MS_MIN = 20 * MINUTE_MS;
const CUT_SHARE = 0.5;

const count = (path: string, atMs: number, env: Readonly<Record<string, string>>): number => {
  const argv = [process.execPath, SCRIPT, path, String(atMs)];
  const done = Bun.spawnSync(argv, { env: { ...process.env, ...env } });
  if (!done.success) throw new Error(`the crash was not counted: ${done.stderr.toString()}`);
  return Number(done.stdout.toString());
};

const openCrashLoop = async (lazy: LazySync | null): Promise<RigSession> => {
  const disk = new LoopDisk(DISK_MEGABYTES);
  const env = lazy ? lazySyncEnv(lazy) : {};
  let trials = 0;

  const trial = async (seed: number): Promise<TrialResult> => {
    trials += 1;
    const random = makeRandom(seed);
    const path = join(disk.folder, `crashes-${trials}.json`);
    const isSpread = seed % 2 === 1;
    let [atMs, cuts] = [FIRST_MS, 0];
    const steps: number[] = [];
    for (let crash = 0; crash < 3; crash += 1) {
      const within = random() * (MINUTE_MS / 2 - 1);
      if (crash > 0) atMs += isSpread ? SPREAD_MS_MIN + 20 * within : within;
      steps.push(count(path, atMs, env));
      if (random() > CUT_SHARE && crash < 2) continue;
      cuts += 1;
      disk.cutPower();
      await disk.unmount();
      disk.mount();
    }
    // The last cut is behind us: one more crash tells what it has left.
    const after = count(path, atMs + 1, env);
    const expected = isSpread ? [0, 0, 0, 0] : [0, 0, 1, 1];
    const found = [...steps, after];
    return {
      faults: Bun.deepEquals(found, expected)
        ? []
        : [`steps ${found.join(', ')} instead of ${expected.join(', ')}`],
      counts: { crashes: 4, cuts, spread: Number(isSpread), stepsClimbed: Number(after > 0) },
    };
  };

  const close = async (): Promise<string[]> => {
    disk.remove();
    return [];
  };

  return { trial, close };
};

/** @param lazy A kind of sync that is left out, so that the judge has something to find. */
export const crashLoop = (lazy: LazySync | null = null): Rig => ({
  missing: () => missingForDisks() ?? (lazy && Bun.which('cc') === null ? 'no C compiler' : null),
  open: () => openCrashLoop(lazy),
});
