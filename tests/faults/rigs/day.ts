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
import { imbalance } from '../stand/books.ts';
import { AckLog, readAcks, savedTakes } from '../judge/acks.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import { judgeFolder } from '../judge/verdict.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { DaySession, SLOT_COUNT } from '../stand/day-session.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';

const RATE = 22_050;
const BPM = 120;
const BARS = 4;
const HOUR_SECONDS = 3600;
const COMMIT_SECONDS = 30;
/** The step is as long as it can be; what the ring holds must not be overtaken. */
const OWED_SECONDS_MAX = 40;
const OWED_SECONDS_MIN = 10;
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
  const takeOfSlot = new Map<number, string>();
  let refused = 0;
  let captures = 0;

  const open = () =>
    DaySession.open({
      folder,
      rateHz: RATE,
      bpm: BPM,
      inputPath,
      onAnswer(message) {
        if (message.type !== 'OK') refused += 1;
        else if (message.result?.takeId !== undefined) {
          acks.add({ t: 'captured', atMs: performance.now(), ...message.result });
        }
      },
    });

  const noteSaved = (day: DaySession) => {
    for (const [slot, { saved, takeId }] of day.slots.entries()) {
      if (!saved || takeId === null || takeOfSlot.get(slot) === takeId) continue;
      takeOfSlot.set(slot, takeId);
      acks.add({ t: 'saved', takeId, atMs: performance.now() });
    }
  };

  const allSaved = (day: DaySession) =>
    day.slots.every(({ saved, state }) => saved || state === 'EMPTY');

  const second = async (day: DaySession, at: number) => {
    await day.step(RATE);
    if (day.status.framesQueued > OWED_SECONDS_MAX * RATE) {
      const isLow = () => day.status.framesQueued < OWED_SECONDS_MIN * RATE;
      await day.waitFor('the spool', isLow);
    }
    if (at % COMMIT_SECONDS === COMMIT_SECONDS - 1) {
      await day.waitFor('the last loop is saved', () => allSaved(day));
      noteSaved(day);
    }
    if (at % COMMIT_SECONDS === 0) {
      day.send({ cmd: 'TRIGGER_SLOT', slot: captures % SLOT_COUNT, bars: BARS, quantized: true });
      captures += 1;
    }
  };

  const trial = async (): Promise<TrialResult> => {
    const before = captures;
    refused = 0;
    const day = await open();
    let backlogFramesMax = 0;
    let unbalanced = 0;
    for (let at = 1; at <= HOUR_SECONDS; at += 1) {
      await second(day, at);
      backlogFramesMax = Math.max(backlogFramesMax, day.status.framesQueued);
      const { framesGap: gapFrames, ...books } = day.status;
      if (imbalance({ state: 'ok', gapFrames, ...books }) !== 0) unbalanced += 1;
    }
    // The last capture's rolls, and its answer.
    for (let at = 1; at < COMMIT_SECONDS; at += 1) await second(day, at);
    await day.waitFor('the loops are saved', () => allSaved(day));
    noteSaved(day);
    const { framesGap: gapFrames, framesIn } = day.status;
    await day.end();
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
        openMsMax: Math.round(day.opening.openMs),
        firstPageMsMax: Math.round(day.opening.firstPageMs),
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
