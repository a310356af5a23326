/** The launcher gets SIGKILL at a random moment, also while everything starts: nothing outlives it for long. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, startProduct, until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { MARK } from '../../plugins/faults/processes.ts';
import { buildFixture } from '../../plugins/fixture/build.ts';
import { censusOf } from '../stand/family.ts';

const KILL_MS_MAX = 2500;
/** What is owed to the disk may take two seconds for the sound and two for the session. */
const GONE_MS_MAX = 15_000;

class LauncherKills implements RigSession {
  readonly #home = mkdtempSync(join(tmpdir(), 'flowzone-outages-'));
  #isBuilt = false;

  async trial(seed: number): Promise<TrialResult> {
    if (canCompile() && !this.#isBuilt) await buildFixture(this.#home);
    this.#isBuilt = true;
    const mark = `launcher-${process.pid}-${seed}`;
    const started = Promise.withResolvers<number>();
    let isReady = false;
    const product = startProduct(['--device', 'headless'], {
      data: makeFolder(),
      env: { [MARK]: mark, FLOWZONE_CRASH_GUARD: 'off', FLOWZONE_PLUGIN_PATH: this.#home },
      onSpawn: started.resolve,
    }).then(
      () => (isReady = true),
      () => false,
    );
    const pid = await started.promise;
    await Bun.sleep(makeRandom(seed)() * KILL_MS_MAX);
    const wasReady = isReady;
    const { alive } = censusOf(mark, pid);
    const start = performance.now();
    process.kill(pid, 'SIGKILL');
    const isGone = () => censusOf(mark, null).alive.length === 0;
    const isClean = await until('all have ended', isGone, GONE_MS_MAX).catch(() => false);
    const goneMs = Math.round(performance.now() - start);
    const left = censusOf(mark, null).alive;
    for (const each of left) process.kill(each.pid, 'SIGKILL');
    await product;
    return {
      faults: isClean ? [] : [`left behind: ${left.map(({ command }) => command).join('; ')}`],
      counts: {
        goneMs,
        wasReady: Number(wasReady),
        processes: alive.length,
        orphans: left.length,
      },
    };
  }

  close(): Promise<string[]> {
    rmSync(this.#home, { recursive: true });
    return Promise.resolve([]);
  }
}

export const launcherKilled: Rig = {
  missing: () =>
    process.platform === 'linux' ? null : 'processes are looked at in /proc of Linux',
  open: () => Promise.resolve(new LauncherKills()),
};
