/**
 * The engine process gets SIGKILL while the disk stands still and many captures wait for it: each was
 * answered, and none is lost.
 */
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import type { Json } from '../../judge/client.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { BAR_FRAMES, RATE } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { openStand } from '../stand/stand.ts';

export interface FrozenKill {
  readonly presses: number;
  /** The freeze ends by itself after so long; all presses are made in it. */
  readonly seconds: number;
}

// A trial makes two hundred takes of almost a megabyte.
const DISK_MEGABYTES = 4096;
const SETTLED_FRAMES = 1.5 * RATE;
const SETTLED_MS_MAX = 60_000;
const BACK_MS_MAX = 60_000;
const SAVED_MS_MAX = 60_000;
/** The windows differ: a press for what plays already would be none. */
const PAUSE_MS = 20;

const newEngine = async (product: Product, deadPid: number): Promise<number | false> => {
  const answer = await product.get('/api/health');
  if (!answer.ok) return false;
  const { enginePid } = (await answer.json()) as Json;
  return enginePid !== deadPid && enginePid;
};

const openFrozenKills = async (how: FrozenKill): Promise<RigSession> => {
  const home = makeDiskFolder();
  const disk = new LoopDisk(DISK_MEGABYTES);
  const stand = await openStand({ home, data: join(disk.folder, 'data') });
  const { books, player, product } = stand;
  let enginePid = product.ready.enginePid;

  const trial = async (): Promise<TrialResult> => {
    await stand.press();
    await until('the disk has settled', () => books.owedFrames < SETTLED_FRAMES, SETTLED_MS_MAX);
    const before = player.captured.length;
    const savedBefore = player.savedCount();
    const { thawed } = await disk.freeze(how.seconds);
    const frozen = { isOver: false };
    void thawed.then(() => (frozen.isOver = true));
    const made = () => player.captured.length - before;
    while (made() < how.presses && !frozen.isOver) {
      await stand.press();
      await Bun.sleep(PAUSE_MS);
    }
    const faults = frozen.isOver ? [`only ${made()} presses in ${how.seconds} s`] : [];
    process.kill(enginePid, 'SIGKILL');
    await thawed;
    const isBack = () => newEngine(product, enginePid);
    enginePid = await until('the engine is back', isBack, BACK_MS_MAX);
    const backFrame = player.frameNow();
    const lost = await stand.unsaved(SAVED_MS_MAX);
    // What is pressed next has nothing of the outage in its window.
    await until('two bars were heard', () => player.frameNow() > backFrame + 2.2 * BAR_FRAMES);
    return {
      faults: [...faults, ...lost.map((id) => `capture ${id} is lost`)],
      counts: {
        captured: made(),
        judged: player.savedCount() - savedBefore,
        capturesLost: lost.length,
      },
    };
  };

  const close = async (): Promise<string[]> => {
    const faults = await stand.finish();
    disk.remove();
    removeDiskFolder(home);
    return faults;
  };

  return { trial, close };
};

export const frozenKill = (how: FrozenKill): Rig => ({
  missing: missingForDisks,
  open: () => openFrozenKills(how),
});
