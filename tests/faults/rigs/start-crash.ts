/**
 * The engine of a real FlowZone is killed while it starts, three times in a row, then the power goes:
 * FlowZone is in Safe Mode, and so is the one that is started afterwards.
 */
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { forgetRing } from '../../judge/rings.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Json } from '../../judge/client.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { engineBelow, killAll, RATE, startLife } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';

const DISK_MEGABYTES = 256;
const CRASHES = 3;
/** About as long as a start takes. */
const START_MS_MAX = 400;
const BACK_MS_MAX = 15_000;
const GUARDED = { env: { FLOWZONE_CRASH_GUARD: 'on' } };

const modeOf = async (product: Product): Promise<string> => {
  const answer = await product.get('/api/health').catch(() => null);
  return answer?.ok ? ((await answer.json()) as Json).mode : '';
};

const openStartCrash = async (): Promise<RigSession> => {
  const home = makeDiskFolder();
  const input = join(home, 'input.wav');
  writeCodedInput(input, STEREO, RATE);
  const disk = new LoopDisk(DISK_MEGABYTES);
  let lives = 0;

  const crashThrice = async (product: Product, random: () => number): Promise<number> => {
    const launcher = product.ready.pid;
    let pid = product.ready.enginePid;
    const began = performance.now();
    for (let crash = 0; crash < CRASHES; crash += 1) {
      process.kill(pid, 'SIGKILL');
      const dead = pid;
      pid = await until('the next engine', () => engineBelow(launcher, dead), BACK_MS_MAX);
      if (crash < CRASHES - 1) await Bun.sleep(random() * START_MS_MAX);
    }
    return performance.now() - began;
  };

  const trial = async (seed: number): Promise<TrialResult> => {
    lives += 1;
    const data = join(disk.folder, `data-${lives}`);
    const product = await startLife(data, input, GUARDED);
    const faults: string[] = [];
    let crashMs = 0;
    try {
      crashMs = await crashThrice(product, makeRandom(seed));
      const isSafe = async () => (await modeOf(product)) === 'SAFE';
      await until('Safe Mode', isSafe, BACK_MS_MAX).catch((why) => faults.push(String(why)));
      disk.cutPower();
    } finally {
      await killAll(product);
    }
    forgetRing(data);
    await disk.unmount();
    disk.mount();
    const again = await startLife(data, input, GUARDED);
    try {
      const mode = await modeOf(again);
      if (mode !== 'SAFE') faults.push(`after the power cut its mode is ${mode || 'not told'}`);
      const code = await again.stop();
      if (code !== 0) faults.push(`it ended with ${code}`);
    } finally {
      await killAll(again);
    }
    return { faults, counts: { crashes: CRASHES, crashMsMax: Math.round(crashMs) } };
  };

  const close = async (): Promise<string[]> => {
    disk.remove();
    removeDiskFolder(home);
    return [];
  };

  return { trial, close };
};

export const startCrash: Rig = { missing: missingForDisks, open: openStartCrash };
