/**
 * What comes from outside of the sound: both processes log 100,000 lines a second, the disk of the log
 * is full, the wall clock jumps an hour forth and back, and everything is stopped for half a minute.
 *
 * One loop plays alone all the time; the master is judged from its first frame to the last. The storm
 * and the clock are made inside of FlowZone by a change of its source (`stand/storm.ts`).
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import { STEREO } from '../judge/coded.ts';
import { judgeLog, readLog } from '../judge/log-lines.ts';
import { inWords, wrongStretches } from '../judge/loop-faults.ts';
import { declaredHoles, isDeclared, readMaster } from '../judge/master.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { BAR_FRAMES, RATE } from '../stand/lives.ts';
import { makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import type { Mutation } from '../stand/mutant.ts';
import { isMoreThanControl } from '../stand/processes.ts';
import { Storm } from '../stand/storm.ts';
import { openStand, type Stand } from '../stand/stand.ts';

const LOG_DISK_BYTES = 4_194_304;
const STRETCH_MS = 6000;
const SUSPEND_MS = 30_000;
const HOUR_MS = 3_600_000;
const PRESS_MS = 500;
const BACK_MS_MAX = 20_000;
const SLOTS = 16;

const health = ({ product }: Stand): Promise<Json> => product.json<Json>('/api/health');

/** Plays for so long; the blocks that came late. */
const play = async (stand: Stand, forMs: number): Promise<number> => {
  const { xruns } = await health(stand);
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await stand.press();
    await Bun.sleep(PRESS_MS);
  }
  return (await health(stand)).xruns - xruns;
};

/** Writes until nothing more fits. */
const fill = (path: string): void => {
  const fd = openSync(path, 'w');
  try {
    for (let bytes = 65_536; bytes >= 1; ) {
      try {
        writeSync(fd, new Uint8Array(bytes));
      } catch {
        bytes = Math.floor(bytes / 4);
      }
    }
  } finally {
    closeSync(fd);
  }
};

const suspend = async ({ product }: Stand): Promise<void> => {
  const { enginePid, gatewayPid, pid } = product.ready;
  const pids = [pid, gatewayPid, enginePid];
  for (const each of pids) process.kill(each, 'SIGSTOP');
  try {
    await Bun.sleep(SUSPEND_MS);
  } finally {
    for (const each of pids.toReversed()) process.kill(each, 'SIGCONT');
  }
};

/** The history in the order of its making, whatever the clock said meanwhile. */
const historyFaults = async ({ product }: Stand): Promise<string[]> => {
  const { items } = await product.json<Json>('/api/riffs?limit=200');
  const rows = (items as { seq: number; tsMs: number }[]).toReversed();
  const isInOrder = rows.every(({ seq }, at) => at === 0 || seq > (rows[at - 1]?.seq ?? seq));
  const times = rows.map(({ tsMs }) => tsMs);
  return [
    ...(isInOrder ? [] : ['the history is not in its order']),
    ...(Math.max(...times) - Math.min(...times) > 1.9 * HOUR_MS ? [] : ['the clock did not jump']),
  ];
};

interface Place {
  readonly home: string;
  readonly logDisk: string;
  readonly stand: Stand;
  readonly storm: Storm;
}

const setPlace = async (broken: readonly Mutation[]): Promise<Place> => {
  const home = makeDiskFolder();
  const logDisk = join(home, 'log-disk');
  mkdirSync(logDisk);
  const size = `size=${LOG_DISK_BYTES}`;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', logDisk]);
  if (mounted.status !== 0) throw new Error(mounted.stderr.toString());
  const storm = new Storm(home);
  const stand = await openStand({
    home,
    data: join(home, 'data'),
    env: storm.env(broken),
    more: ['--output', join(home, 'master.wav')],
    inside: ['sh', '-c', 'exec "$@" 2>>"$0"', join(logDisk, 'log')],
  });
  return { home, logDisk, stand, storm };
};

/** The loop in slot 1 is heard alone. */
const hearOne = async ({ player, press }: Stand) => {
  await press();
  const [heard] = player.captured;
  if (!heard) throw new Error('nothing could be captured');
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const val = slot === heard.slot ? 1 : 0;
    await player.client.ask({ cmd: 'SET_VOL', slot, val });
  }
  return { heard, from: player.frameNow() + BAR_FRAMES };
};

/** Captures into all slots but the one that is heard. */
const pressingAround = (stand: Stand, heardSlot: number): Stand => {
  let presses = 0;
  return {
    ...stand,
    press() {
      presses += 1;
      return stand.player.press((heardSlot + 1 + (presses % (SLOTS - 1))) % SLOTS);
    },
  };
};

const runTrial = async ({ home, logDisk, stand: opened, storm }: Place): Promise<TrialResult> => {
  const { heard, from } = await hearOne(opened);
  const stand = pressingAround(opened, heard.slot);
  const { enginePid, gatewayPid } = stand.product.ready;
  const faults: string[] = [];

  const control = await play(stand, 2 * STRETCH_MS);
  storm.begin();
  const inStorm = await play(stand, STRETCH_MS);
  const made = await storm.end();
  const isTold = () => judgeLog(readLog(join(logDisk, 'log'))).stormLines === made;
  const isCounted = await until('each line is counted', isTold, BACK_MS_MAX).catch(() => false);
  if (!isCounted) {
    faults.push(
      `of ${made} lines the log tells ${judgeLog(readLog(join(logDisk, 'log'))).stormLines}`,
    );
  }

  fill(join(logDisk, 'fill'));
  storm.begin();
  const onFullDisk = await play(stand, STRETCH_MS).catch(() => null);
  if (onFullDisk === null) {
    return { faults: ['it answers no more when the disk of its log is full'], counts: {} };
  }
  const madeMore = await storm.end();
  rmSync(join(logDisk, 'fill'));
  storm.begin();
  const hasLost = () => judgeLog(readLog(join(logDisk, 'log'))).lost > 0;
  const isLost = await until('lost lines are counted', hasLost, BACK_MS_MAX).catch(() => false);
  const madeLast = await storm.end();
  if (!isLost) faults.push('nothing tells of the lines that were lost');

  for (const offsetMs of [HOUR_MS, -HOUR_MS, 0]) {
    storm.setClock(offsetMs);
    await play(stand, PRESS_MS * 3);
  }
  faults.push(...(await historyFaults(stand)));

  const before = await health(stand);
  await suspend(stand);
  const isCaughtUp = async () =>
    (await health(stand)).frame - before.frame > (SUSPEND_MS / 1000) * RATE;
  await until('the suspend is made up for', isCaughtUp, BACK_MS_MAX);
  const afterSuspend = (await health(stand)).xruns - before.xruns;
  await play(stand, PRESS_MS * 2);

  const now = await health(stand);
  if (now.enginePid !== enginePid || now.gatewayPid !== gatewayPid) faults.push('a process died');
  for (const late of [inStorm, onFullDisk]) {
    // The control is twice as long.
    if (isMoreThanControl(late, control)) faults.push(`${late} late blocks, ${control} without`);
  }
  faults.push(...(await stand.unsaved(BACK_MS_MAX)).map((id) => `${id} was never saved`));
  faults.push(...(await stand.finish()));
  const master = join(home, 'master.wav');
  const left = readMaster(master, from);
  const holes = declaredHoles(master);
  const wrongs = wrongStretches(STEREO, left, heard, RATE).filter(
    ({ from: first, to }) => !isDeclared(holes, from + first, from + to),
  );
  if (wrongs.length > 0) faults.push(`the loop is not heard as it should be: ${inWords(wrongs)}`);
  const { declared, missing, wrong } = stand.census();
  if (missing !== declared) faults.push(`${missing} frames are missing, ${declared} declared`);
  if (wrong > 0) faults.push(`${wrong} frames of the recording are wrong`);
  const log = judgeLog(readLog(join(logDisk, 'log')));
  faults.push(...log.faults);
  return {
    faults,
    counts: {
      linesLogged: made + madeMore + madeLast,
      linesWritten: log.written,
      linesLost: log.lost,
      captured: stand.player.captured.length,
      framesJudged: left.length,
      gapFrames: declared,
      masterGapFrames: holes.reduce((sum, { fromFrame, toFrame }) => sum + toFrame - fromFrame, 0),
      lateBlocksInStorm: inStorm,
      lateBlocksOnFullDisk: onFullDisk,
      lateBlocksSuspended: afterSuspend,
      controlLateBlocks: control,
    },
  };
};

const open = (broken: readonly Mutation[]): Promise<RigSession> =>
  Promise.resolve({
    async trial() {
      const place = await setPlace(broken);
      try {
        return await runTrial(place);
      } finally {
        await place.stand.finish().catch(() => []);
        removeDiskFolder(place.home);
      }
    },
    close: () => Promise.resolve([]),
  });

/** @param broken What is changed besides, for a control. */
export const storms = (...broken: readonly Mutation[]): Rig => ({
  missing: missingForDisks,
  open: () => open(broken),
});
