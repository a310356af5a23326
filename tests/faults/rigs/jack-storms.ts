/**
 * What `storms.ts` does, under a JACK server; then all of FlowZone is stopped for half a minute while the
 * server goes on, and once more together with the server.
 *
 * Under a sound card the timeline stands still meanwhile. Another program plays the server's own numbers of
 * its frames, so that each place of the recording tells what the server did without us: each such seam has
 * to be declared, and at every other frame the loop is heard where it should be.
 */
import { join } from 'node:path';
import { startJack } from '../../judge/jack.ts';
import { startProduct, until, withCleanup } from '../../judge/product.ts';
import { AckLog } from '../judge/acks.ts';
import { spoolSound, windowSound } from '../judge/audio.ts';
import { withCopy } from '../judge/database.ts';
import { heardFaults, judgeHeard, readHeard } from '../judge/heard.ts';
import { judgeLog, readLog } from '../judge/log-lines.ts';
import {
  framesBehind,
  isDeclaredSeam,
  isOverSeam,
  nearestDeclared,
  readDeclared,
  readMarked,
  seamsOf,
  serverFrames,
} from '../judge/seams.ts';
import { readStored } from '../judge/stored.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { Books } from '../stand/books.ts';
import { openWitness, type Witness } from '../stand/jack-witness.ts';
import { BAR_FRAMES, BPM, killAll, RATE } from '../stand/lives.ts';
import { makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import type { Mutation } from '../stand/mutant.ts';
import { makePlayer, type Player, SLOTS, unsavedOf } from '../stand/player.ts';
import { Storm } from '../stand/storm.ts';
import {
  health,
  type HeardAlone,
  hearOne,
  type LogDisk,
  makeLogDisk,
  play,
  type Played,
  suspend,
  type Weathered,
  weather,
} from '../stand/weather.ts';

const SUSPEND_MS = 30_000;
const BACK_MS_MAX = 20_000;
const AFTER_MS = 3000;
/** The server may be told of the end before the recording is. */
const BEHIND_FRAMES_MAX = 0.1 * RATE;

interface Place extends Played {
  readonly home: string;
  readonly data: string;
  readonly serverPid: number;
  readonly logDisk: LogDisk;
  readonly storm: Storm;
  readonly witness: Witness;
  readonly player: Player;
  /** What was found until the end. */
  finish(): Promise<string[]>;
}

type Ends = (end: () => unknown) => void;

const setPlace = async (broken: readonly Mutation[], later: Ends): Promise<Place> => {
  const home = makeDiskFolder();
  later(() => removeDiskFolder(home));
  const data = join(home, 'data');
  const logDisk = makeLogDisk(home);
  const storm = new Storm(home);
  const jack = await startJack();
  later(jack.stop);
  const product = await startProduct(
    ['--device', 'jack', '--bpm', `${BPM}`, '--slots', `${SLOTS}`],
    {
      data,
      env: {
        ...jack.env,
        ...storm.env(broken),
        FLOWZONE_RING_SECONDS: '140',
        FLOWZONE_CRASH_GUARD: 'off',
        FLOWZONE_RATE_LIMIT: 'off',
      },
      inside: logDisk.inside,
    },
  );
  later(() => killAll(product));
  const acks = new AckLog(join(home, 'acks.jsonl'));
  later(() => acks.close());
  const player = await makePlayer(product, { acks, rateHz: RATE });
  later(() => player.close());
  await player.client.ask({ cmd: 'SET_INPUT', source: 0, monitor: false });
  const witness = await openWitness(jack, home);
  later(() => witness.end());
  const books = new Books(product);
  later(() => books.end());
  const heardFrom = player.frameNow();
  await until('a bar was heard', () => player.frameNow() > heardFrom + 1.2 * BAR_FRAMES);
  return {
    home,
    data,
    serverPid: jack.pid,
    logDisk,
    storm,
    witness,
    product,
    player,
    press: () => player.press(0),
    async finish() {
      await books.end();
      const exit = await product.stop();
      await witness.end();
      return [...books.faults, ...(exit === 0 ? [] : [`it ended with ${exit}`])];
    },
  };
};

/** Stops all of FlowZone and perhaps more, and waits until it plays again. */
const standStill = async (place: Place, more: readonly number[]): Promise<number> => {
  const { enginePid, gatewayPid, pid } = place.product.ready;
  const before = await health(place);
  await suspend([pid, gatewayPid, enginePid, ...more], SUSPEND_MS);
  const isBack = async () => (await health(place)).frame > before.frame + RATE;
  await until('it plays again', isBack, BACK_MS_MAX);
  return (await health(place)).xruns - before.xruns;
};

const judge = ({ data, player, witness }: Place, { from, heard }: HeardAlone): Weathered => {
  const stored = readStored(data);
  const runId = stored.runs.at(-1) ?? '';
  const sound = spoolSound(data, runId, 0);
  const frames = serverFrames(sound);
  const seams = seamsOf(frames);
  const { declared, marked } = withCopy(join(data, 'flowzone.db'), (db) => ({
    declared: readDeclared(db, runId, 0),
    marked: readMarked(db),
  }));
  const faults = [...stored.faults];
  for (const seam of seams) {
    const { before, missing } = seam;
    if (isDeclaredSeam(declared, seam)) continue;
    const said = nearestDeclared(declared, seam);
    faults.push(`${missing} frames are missing after frame ${before}, and not declared: ${said}`);
  }
  const longest = Math.max(0, ...seams.map(({ missing }) => missing));
  if (longest < (0.9 * SUSPEND_MS * RATE) / 1000) faults.push('the suspend is not to be seen');
  for (const { fromFrame, takeId, toFrame } of player.captured) {
    const window = windowSound(data, stored, takeId)?.samples;
    const recorded = sound.subarray(2 * fromFrame, 2 * toFrame);
    if (
      window?.length !== recorded.length ||
      window.some((sample, at) => sample !== recorded[at])
    ) {
      faults.push(`${takeId} is not what was recorded`);
    }
    if (isOverSeam(seams, { fromFrame, toFrame }) && !marked.has(takeId)) {
      faults.push(`${takeId} is sewn together and not marked`);
    }
  }
  const behind = framesBehind(frames);
  if (behind > BEHIND_FRAMES_MAX) faults.push(`nothing comes in for the last ${behind} frames`);
  const verdict = judgeHeard(readHeard(witness.path), { declared, frames, sound }, heard, from);
  faults.push(...heardFaults(verdict));
  return {
    answers: true,
    faults,
    counts: {
      captured: player.captured.length,
      judged: player.savedCount(),
      marked: marked.size,
      framesRecorded: frames.length,
      framesPlayed: verdict.played,
      framesJudged: verdict.judged,
      framesBehindMax: behind,
      seams: seams.length,
      framesMissing: seams.reduce((sum, { missing }) => sum + missing, 0),
      framesMissingAtOnceMax: longest,
      gapFrames: stored.gapFrames,
    },
  };
};

const runTrial = async (place: Place): Promise<TrialResult> => {
  const alone = await hearOne(place);
  const { answers, counts, faults } = await weather(alone.stand, place.storm, place.logDisk);
  if (!answers) return { faults, counts };
  const lateBlocksSuspended = await standStill(place, []);
  await play(alone.stand, AFTER_MS);
  const lateBlocksAllSuspended = await standStill(place, [place.serverPid]);
  await play(alone.stand, AFTER_MS);

  const { enginePid, gatewayPid } = place.product.ready;
  const now = await health(place);
  if (now.enginePid !== enginePid || now.gatewayPid !== gatewayPid) faults.push('a process died');
  const unsaved = await unsavedOf(place.player, BACK_MS_MAX);
  faults.push(...unsaved.map((id) => `${id} was never saved`));
  faults.push(...(await place.finish()));
  const found = judge(place, alone);
  const log = judgeLog(readLog(place.logDisk.log));
  return {
    faults: [...faults, ...found.faults, ...log.faults],
    counts: {
      ...counts,
      linesWritten: log.written,
      linesLost: log.lost,
      ...found.counts,
      lateBlocksSuspended,
      lateBlocksAllSuspended,
    },
  };
};

const open = (broken: readonly Mutation[]): Promise<RigSession> =>
  Promise.resolve({
    trial: () => withCleanup(async (later) => runTrial(await setPlace(broken, later))),
    close: () => Promise.resolve([]),
  });

const missing = (): string | null => {
  const programs = ['jackd', 'jack_lsp', 'cc'].filter((name) => Bun.which(name) === null);
  return programs.length > 0 ? `not installed: ${programs.join(', ')}` : missingForDisks();
};

/** @param broken What is changed besides, for a control. */
export const jackStorms = (...broken: readonly Mutation[]): Rig => ({
  missing,
  open: () => open(broken),
});
