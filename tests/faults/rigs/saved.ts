/**
 * How long a player waits for the word "saved" on an idle disk, beside what the disk alone takes for it.
 *
 * Presses without a grid: the window ends with the hand. After each the same disk gets the same work
 * from nobody: the sound since the last sync, and a transaction's pages, each with its sync.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from '../../judge/percentile.ts';
import { until } from '../../judge/product.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { openStand } from '../stand/stand.ts';

const PRESSES = 200;
/** A press comes half of the spool's interval after its last sync. */
const SOUND = new Uint8Array(Math.round((LIMITS.spoolSyncMs / 2000) * RATE) * 8).fill(1);
/** Pages that the commit of a riff of sixteen slots adds to the journal of the database. */
const PAGES = new Uint8Array(12 * 4120).fill(1);
const PAUSE_MS_MAX = LIMITS.spoolSyncMs;
/** Beside the disk there are a period of sound, three processes, and threads that wake each other. */
const TIMES_THE_DISK = 20;

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** The same bytes and syncs, with nothing around them. */
class Floor {
  readonly #sound: number;
  readonly #pages: number;

  constructor(folder: string) {
    this.#sound = openSync(join(folder, 'floor-sound'), 'w');
    this.#pages = openSync(join(folder, 'floor-pages'), 'w');
  }

  measureMs(): number {
    const start = performance.now();
    writeSync(this.#sound, SOUND);
    fdatasyncSync(this.#sound);
    writeSync(this.#pages, PAGES);
    fdatasyncSync(this.#pages);
    return performance.now() - start;
  }

  close(): void {
    closeSync(this.#sound);
    closeSync(this.#pages);
  }
}

const openSaved = async (): Promise<RigSession> => {
  const home = makeDiskFolder();
  const stand = await openStand({ home, data: join(home, 'data') });
  const floor = new Floor(home);
  const { player } = stand;

  const trial = async (seed: number): Promise<TrialResult> => {
    const random = makeRandom(seed);
    const answeredMs: number[] = [];
    const savedMs: number[] = [];
    const floorMs: number[] = [];
    for (let press = 0; press < PRESSES; press += 1) {
      const start = performance.now();
      if (!(await stand.press())) return { faults: ['a press was refused'], counts: {} };
      answeredMs.push(performance.now() - start);
      const takeId = player.captured.at(-1)?.takeId ?? '';
      savedMs.push((await player.savedAtMs(takeId)) - start);
      await until('the disk is idle', () => stand.books.owedFrames < 1.5 * RATE);
      floorMs.push(floor.measureMs());
      await Bun.sleep(random() * PAUSE_MS_MAX);
    }
    const [savedP50, floorP50] = [percentile(savedMs, 0.5), percentile(floorMs, 0.5)];
    const ratio = savedP50 / floorP50;
    return {
      faults: ratio > TIMES_THE_DISK ? [`${ratio.toFixed(1)} times what the disk takes`] : [],
      counts: {
        presses: PRESSES,
        judged: savedMs.length,
        answeredP50Ms: rounded(percentile(answeredMs, 0.5)),
        savedP50Ms: rounded(savedP50),
        savedP99Ms: rounded(percentile(savedMs, 0.99)),
        diskP50Ms: rounded(floorP50),
        diskP99Ms: rounded(percentile(floorMs, 0.99)),
        timesTheDisk: rounded(ratio),
      },
    };
  };

  const close = async (): Promise<string[]> => {
    floor.close();
    const faults = await stand.finish();
    removeDiskFolder(home);
    return faults;
  };

  return { trial, close };
};

export const saved: Rig = { missing: () => null, open: openSaved };
