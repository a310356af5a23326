/**
 * What comes from outside of the sound: both processes log 100,000 lines a second, the disk of the log
 * is full, the wall clock jumps an hour forth and back, and everything is stopped for half a minute.
 *
 * One loop plays alone all the time; the master is judged from its first frame to the last.
 */
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { STEREO } from '../judge/coded.ts';
import { judgeLog, readLog } from '../judge/log-lines.ts';
import { inWords, wrongStretches } from '../judge/loop-faults.ts';
import { declaredHoles, isDeclared, readMaster } from '../judge/master.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import type { Mutation } from '../stand/mutant.ts';
import { Storm } from '../stand/storm.ts';
import { censusFaults } from '../stand/census-faults.ts';
import { openStand, type Stand } from '../stand/stand.ts';
import {
  health,
  hearOne,
  type LogDisk,
  makeLogDisk,
  play,
  suspend,
  weather,
} from '../stand/weather.ts';

const SUSPEND_MS = 30_000;
const BACK_MS_MAX = 20_000;
const AFTER_MS = 1000;

interface Place {
  readonly home: string;
  readonly logDisk: LogDisk;
  readonly stand: Stand;
  readonly storm: Storm;
}

const setPlace = async (broken: readonly Mutation[]): Promise<Place> => {
  const home = makeDiskFolder();
  const logDisk = makeLogDisk(home);
  const storm = new Storm(home);
  const stand = await openStand({
    home,
    data: join(home, 'data'),
    env: storm.env(broken),
    more: ['--output', join(home, 'master.wav')],
    inside: logDisk.inside,
  });
  return { home, logDisk, stand, storm };
};

const runTrial = async ({ home, logDisk, stand, storm }: Place): Promise<TrialResult> => {
  const { from, heard, stand: around } = await hearOne(stand);
  const { enginePid, gatewayPid, pid } = stand.product.ready;
  const { answers, counts, faults } = await weather(around, storm, logDisk);
  if (!answers) return { faults, counts };

  const before = await health(stand);
  await suspend([pid, gatewayPid, enginePid], SUSPEND_MS);
  const isCaughtUp = async () =>
    (await health(stand)).frame - before.frame > (SUSPEND_MS / 1000) * RATE;
  await until('the suspend is made up for', isCaughtUp, BACK_MS_MAX);
  const afterSuspend = (await health(stand)).xruns - before.xruns;
  await play(around, AFTER_MS);

  const now = await health(stand);
  if (now.enginePid !== enginePid || now.gatewayPid !== gatewayPid) faults.push('a process died');
  faults.push(...(await stand.unsaved(BACK_MS_MAX)).map((id) => `${id} was never saved`));
  faults.push(...(await stand.finish()));
  const master = join(home, 'master.wav');
  const left = readMaster(master, from);
  const holes = declaredHoles(master);
  const wrongs = wrongStretches(STEREO, left, heard, RATE).filter(
    ({ from: first, to }) => !isDeclared(holes, from + first, from + to),
  );
  if (wrongs.length > 0) faults.push(`the loop is not heard as it should be: ${inWords(wrongs)}`);
  const census = stand.census();
  faults.push(...censusFaults(census));
  const log = judgeLog(readLog(logDisk.log));
  faults.push(...log.faults);
  return {
    faults,
    counts: {
      ...counts,
      linesWritten: log.written,
      linesLost: log.lost,
      captured: stand.player.captured.length,
      judged: stand.judgedCount(),
      framesJudged: left.length,
      gapFrames: census.declared,
      masterGapFrames: holes.reduce((sum, { fromFrame, toFrame }) => sum + toFrame - fromFrame, 0),
      lateBlocksSuspended: afterSuspend,
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
