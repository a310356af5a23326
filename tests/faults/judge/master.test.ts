/** The judge of a master finds silence, displacement and holes in what was made by hand. */
import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../judge/product.ts';
import { writeWavFile } from '../../judge/wav.ts';
import { codedSound, STEREO } from './coded.ts';
import { declaredHoles, isDeclared, phaseError, silence, unheardFrames } from './master.ts';

const RATE = 48_000;

test('the master tells its silence, and a loop that is one frame late', () => {
  const left = codedSound(STEREO, 500, 100).filter((_, at) => at % 2 === 0);
  expect(silence(left)).toBeNull();
  expect(silence(Float32Array.from([1, 0, 0, 1]))).toEqual({ from: 1, frames: 2 });
  expect(phaseError(STEREO, left, 500)).toBe(0);
  expect(phaseError(STEREO, left, 501)).toBe(-1);
  left[50] = 0;
  expect(phaseError(STEREO, left, 500)).toBeNull();
});

test('a hole of the master is declared only where all of it is', () => {
  const path = join(makeFolder(), 'master.wav');
  expect(declaredHoles(path)).toEqual([]);
  writeFileSync(`${path}.gaps`, '{"fromFrame":10,"toFrame":20}\n{"fromFrame":30,"toFrame":40}\n');
  const holes = declaredHoles(path);
  expect(isDeclared(holes, 10, 20)).toBe(true);
  expect(isDeclared(holes, 31, 35)).toBe(true);
  expect(isDeclared(holes, 9, 20)).toBe(false);
  expect(isDeclared(holes, 15, 35)).toBe(false);
});

test('a master in which loops play on has no silent frame, and does not end early', () => {
  const path = join(makeFolder(), 'master.wav');
  const sound = codedSound(STEREO, 0, 1000);
  writeWavFile(path, RATE, sound);
  expect(unheardFrames(path, 100, 900)).toBe(0);
  expect(unheardFrames(path, 100, 1001)).toBeNull();
  sound.fill(0, 2 * 500, 2 * 503);
  writeWavFile(path, RATE, sound);
  expect(unheardFrames(path, 100, 900)).toBe(3);
});
