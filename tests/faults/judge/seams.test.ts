/** The judge of a sound server finds what it did without FlowZone, to the frame, and a loop that is late. */
import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../judge/product.ts';
import { heardFaults, judgeHeard, readHeard } from './heard.ts';
import {
  framesBehind,
  isDeclaredSeam,
  isOverSeam,
  nearestDeclared,
  seamsOf,
  serverFrames,
} from './seams.ts';

const CODES = 2 ** 24;
const BLOCK = 128;
const LOOP = { fromFrame: 1000, toFrame: 5000 };
const PHASE = 300;

const soundOf = (frames: readonly number[]): Float32Array =>
  Float32Array.from(frames.flatMap((frame) => [(2 * frame + 1) / CODES, (2 * frame + 2) / CODES]));

/** From the server's frame 50 on, and `missing` more from frame `seam` on. */
const played = (missing: number, seam = 6000): number[] =>
  Array.from({ length: 20_000 }, (_, at) => 50 + at + (at < seam ? 0 : missing));

test('a place at which the server went on alone is found to the frame, forth and back', () => {
  for (const missing of [0, 1, BLOCK, 1_440_000, -BLOCK]) {
    const seams = seamsOf(serverFrames(soundOf(played(missing))));
    expect(seams).toEqual(missing === 0 ? [] : [{ before: 5999, after: 6000, missing }]);
  }
});

test('what is silent, of one side alone or of something else is a seam; what comes before the signal is none', () => {
  const sound = soundOf([...Array.from({ length: 10 }, () => -1), ...played(0)]);
  sound.fill(0, 0, 20);
  expect(seamsOf(serverFrames(sound))).toEqual([]);
  for (const [at, value] of [
    [2 * 700, 0],
    [2 * 700 + 1, 0],
    [2 * 700, 0.3],
  ] as const) {
    const hurt = sound.slice();
    hurt[at] = value;
    expect(seamsOf(serverFrames(hurt))).toEqual([{ before: 699, after: 701, missing: 0 }]);
  }
});

test('a seam is declared when both its sides are, and a window is over it when it has both', () => {
  const seam = { before: 5999, after: 6000, missing: BLOCK };
  const near = [
    [5999, 6001],
    [6000, 6001],
    [5999, 6000],
    [0, 5999],
  ] as const;
  const ranges = near.map(([fromFrame, toFrame]) => ({ fromFrame, toFrame }));
  expect(ranges.map((range) => isDeclaredSeam([range], seam))).toEqual([true, false, false, false]);
  expect(nearestDeclared(ranges.slice(1), seam)).toBe('6000–6001 is');
  expect(nearestDeclared([], seam)).toBe('nothing is');
  expect(ranges.map((range) => isOverSeam([seam], range))).toEqual([true, false, false, false]);
});

/** Notes as the listener writes them, of a loop that is `late` frames too late from a frame on. */
const notesOf = (frames: readonly number[], late: number, since: number): string => {
  const path = join(makeFolder(), 'heard');
  const length = LOOP.toFrame - LOOP.fromFrame;
  const words: number[] = [];
  const bits = new Uint32Array(1);
  for (let first = 0; first + BLOCK <= frames.length; first += BLOCK) {
    words.push(frames[first] ?? 0, BLOCK);
    for (let at = first; at < first + BLOCK; at += 1) {
      const place = (at - PHASE - (at < since ? 0 : late) + 2 * length) % length;
      new Float32Array(bits.buffer)[0] = (2 * (frames[LOOP.fromFrame + place] ?? 0) + 1) / CODES;
      words.push(bits[0] ?? 0);
    }
  }
  writeFileSync(path, Uint32Array.from(words));
  return path;
};

test('a loop is heard where it should be over a seam; one that is late by a frame is not', () => {
  // Between two blocks, so that each note is of one piece.
  const frames = played(1000 * BLOCK, 47 * BLOCK);
  const sound = soundOf(frames);
  const recorded = { sound, frames: serverFrames(sound), declared: [] };
  const inTime = judgeHeard(readHeard(notesOf(frames, 0, 0)), recorded, LOOP, 6200);
  expect(inTime).toMatchObject({ wrong: 0, firstWrong: null });
  expect(inTime.judged).toBeGreaterThan(8000);
  const late = judgeHeard(readHeard(notesOf(frames, 1, 15_000)), recorded, LOOP, 6200);
  expect(late.firstWrong).toBeGreaterThanOrEqual(15_000);
  expect(late.wrong).toBeGreaterThan(3000);
  const hidden = { ...recorded, declared: [{ fromFrame: 15_000, toFrame: 20_000 }] };
  expect(judgeHeard(readHeard(notesOf(frames, 1, 15_000)), hidden, LOOP, 6200).wrong).toBe(0);
});

test('a signal that ends before the recording does is told, to the frame', () => {
  const sound = soundOf(played(0));
  expect(framesBehind(serverFrames(sound))).toBe(0);
  sound.fill(0, 2 * 19_000);
  expect(framesBehind(serverFrames(sound))).toBe(1000);
  expect(framesBehind(serverFrames(sound.fill(0)))).toBe(20_000);
});

test('a listener that heard nothing, or hardly anything, has proved nothing', () => {
  const frames = played(0);
  const sound = soundOf(frames);
  const recorded = { sound, frames: serverFrames(sound), declared: [] };
  const notes = readHeard(notesOf(frames, 0, 0));
  const faultsOf = (heard: typeof notes) => heardFaults(judgeHeard(heard, recorded, LOOP, 6200));
  expect(faultsOf(notes)).toEqual([]);
  expect(faultsOf([])).toEqual(['of 10322 frames that were played only 0 could be judged']);
  expect(faultsOf(notes.slice(0, 110))).toHaveLength(1);
  // What the server played to a dead input was heard, and nobody can say where it should have been.
  const dead = { ...recorded, frames: recorded.frames.slice().fill(-1, 12_000) };
  expect(heardFaults(judgeHeard(notes, dead, LOOP, 6200))).toHaveLength(1);
});
