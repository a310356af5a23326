/**
 * A day in minutes: an hour of sound after the other, a capture every thirty seconds, and between the
 * hours the session is closed and opened again.
 *
 * The engine is stepped as fast as disk and processor go; nothing else is different from an engine that
 * goes by the clock.
 */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToGateway } from '../../../protocol/link.ts';
import type { Json } from '../../judge/client.ts';
import { AckLog, readAcks, savedTakes } from '../judge/acks.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import { judgeFolder } from '../judge/verdict.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { imbalance } from '../stand/books.ts';
import { Hour } from '../stand/hour.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';

const RATE = 22_050;
const HOUR_SECONDS = 3600;
const COMMIT_SECONDS = 30;
const BYTES_OF_A_DAY = 25e9;
const MB = 1_048_576;

const databaseBytes = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.startsWith('flowzone.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const missing = (): string | null => {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize < BYTES_OF_A_DAY ? 'the disk has no room for a day' : null;
};

const openDay = async (): Promise<RigSession> => {
  const home = makeDiskFolder();
  const folder = join(home, 'data');
  const inputPath = join(home, 'input.wav');
  writeCodedInput(inputPath, STEREO, RATE);
  const acks = new AckLog(join(home, 'acks.jsonl'));
  const savedIds = new Set<string>();
  let refused = 0;
  let captures = 0;
  let loops = 0;

  const onEmit = (message: ToGateway) => {
    if (message.t !== 'answer') return;
    const answer: Json = message.message;
    if (answer.type !== 'OK') refused += 1;
    else acks.add({ t: 'captured', atMs: performance.now(), ...answer.result });
  };

  const noteSaved = (hour: Hour) => {
    for (const { saved, takeId } of hour.slots) {
      if (!saved || takeId === null || savedIds.has(takeId)) continue;
      savedIds.add(takeId);
      acks.add({ t: 'saved', takeId, atMs: performance.now() });
    }
  };

  /** To the next commit, all but the press: what was pressed before is saved by then. */
  const waitForCommit = async (hour: Hour, watch: () => void) => {
    for (let second = 1; second < COMMIT_SECONDS; second += 1) {
      await hour.second();
      watch();
    }
    await hour.waitFor('the last loop is saved', () => hour.isSaved);
    noteSaved(hour);
  };

  const trial = async (): Promise<TrialResult> => {
    const before = captures;
    refused = 0;
    const start = performance.now();
    const hour = await Hour.begin(folder, { inputPath, onEmit, rateHz: RATE });
    const openMsMax = Math.round(performance.now() - start);
    await hour.untilLoops(loops);
    const firstPageUsMax = Math.round(1000 * hour.firstPageMs());
    let backlogFramesMax = 0;
    let unbalanced = 0;
    const watch = () => {
      const { framesGap: gapFrames, ...books } = hour.status;
      backlogFramesMax = Math.max(backlogFramesMax, books.framesQueued);
      if (imbalance({ gapFrames, ...books }) !== 0) unbalanced += 1;
    };
    for (let commit = 0; commit < HOUR_SECONDS / COMMIT_SECONDS; commit += 1) {
      await waitForCommit(hour, watch);
      await hour.second();
      hour.press(captures % hour.slots.length);
      captures += 1;
    }
    await waitForCommit(hour, watch);
    const { framesGap: gapFrames, framesIn } = hour.status;
    loops = hour.loopCount;
    await hour.end();
    return {
      faults: [
        ...(gapFrames > 0 ? [`a gap of ${gapFrames} frames`] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(unbalanced > 0 ? [`in ${unbalanced} seconds frames were in no book`] : []),
      ],
      counts: {
        hours: 1,
        captures: captures - before,
        frames: framesIn,
        backlogFramesMax,
        databaseBytesMax: databaseBytes(folder),
        openMsMax,
        firstPageUsMax,
        memoryMbMax: Math.round(process.memoryUsage.rss() / MB),
      },
    };
  };

  const close = async (): Promise<string[]> => {
    acks.close();
    const saved = savedTakes(readAcks(acks.path));
    const { faults, lost } = judgeFolder(folder, saved);
    removeDiskFolder(home);
    return [
      ...lost.map((why) => `lost: ${why}`),
      ...faults,
      ...(saved.length === captures ? [] : [`${saved.length} of ${captures} were called saved`]),
    ];
  };

  return { trial, close };
};

export const day: Rig = { missing, open: openDay };
