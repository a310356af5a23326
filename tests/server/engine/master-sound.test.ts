import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import { makeNoise, readWavFile, writeWavFile } from '../../judge/wav.ts';
import { startStepped } from './stepped.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-master-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BLOCK = 512;

test('who follows the master reads what is heard, frame for frame, from then on', () => {
  const inputPath = join(folder, 'noise.wav');
  const outputPath = join(folder, 'master.wav');
  writeWavFile(inputPath, 48_000, makeNoise(5, 48_000), 2);
  const core = startStepped({
    deviceKind: DEVICE_KIND.stepped,
    blockFrames: BLOCK,
    slotCount: 8,
    flags: CONFIG_FLAGS.monitor | CONFIG_FLAGS.noDisk,
    inputPath,
    outputPath,
  });
  const read: number[] = [];
  const firsts: number[] = [];
  const take = () => {
    const { first, samples } = core.readMaster();
    firsts.push(first);
    read.push(...samples);
  };
  core.step(BLOCK);
  take();
  core.followMaster(true);
  for (let block = 0; block < 30; block += 1) {
    core.step(BLOCK);
    if (block % 3 === 2) take();
  }
  core.followMaster(false);
  core.step(BLOCK);
  take();
  core.stop();
  core.destroy();
  expect(read).toHaveLength(2 * 30 * BLOCK);
  expect(firsts.slice(1, 4)).toEqual([0, 3 * BLOCK, 6 * BLOCK]);
  const { samples } = readWavFile(outputPath);
  expect(read.some((sample) => sample !== 0)).toBeTrue();
  expect(read).toEqual([...samples.subarray(2 * BLOCK, 2 * 31 * BLOCK)]);
});
