/** What lies in a spool folder, as the store tells of it. */
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wavHeader } from '../../../server/wav-header.ts';
import { makeRandom } from '../../support/random.ts';
import {
  keptRanges,
  segmentsOf,
  spoolRuns,
  without,
} from '../../../server/session/runs/spool-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RUN = 'c'.repeat(32);
const CHANNELS = 4;

const segment = (firstFrame: number, frames: number, restBytes = 0) => {
  const name = `seg-${String(firstFrame).padStart(12, '0')}.wav`;
  const bytes = Buffer.alloc(58 + frames * CHANNELS * 4 + restBytes);
  bytes.set(wavHeader(frames, 48_000, CHANNELS));
  writeFileSync(join(folder, RUN, name), bytes);
};

test('lengths are those of the files; a segment ends where the next begins; holes stay holes', () => {
  mkdirSync(join(folder, RUN));
  mkdirSync(join(folder, 'notes'));
  segment(0, 100);
  // Distrusted after a failed sync: the next one has its last frames again.
  segment(100, 100);
  segment(150, 100, 7);
  segment(400, 50);
  writeFileSync(join(folder, RUN, 'seg-000000000450.wav'), '');
  writeFileSync(join(folder, RUN, 'index.jsonl'), '{}');
  expect(spoolRuns(folder)).toEqual([RUN]);
  const found = segmentsOf(folder, RUN);
  expect(found.map(({ firstFrame, toFrame }) => [firstFrame, toFrame])).toEqual([
    [0, 100],
    [100, 150],
    [150, 250],
    [400, 450],
  ]);
  expect(keptRanges(found)).toEqual([
    { fromFrame: 0, toFrame: 250 },
    { fromFrame: 400, toFrame: 450 },
  ]);
});

test('what went on in the second folder is found by the link; of namesakes it counts', () => {
  const run = 'e'.repeat(32);
  const second = join(folder, 'second', run);
  for (const place of [join(folder, run), second]) mkdirSync(place, { recursive: true });
  symlinkSync(second, join(folder, run, 'second'));
  const write = (place: string, firstFrame: number | string, frames: number) => {
    const bytes = Buffer.alloc(58 + frames * CHANNELS * 4);
    bytes.set(wavHeader(frames, 48_000, CHANNELS));
    const [first = '', ...turn] = String(firstFrame).split('-');
    writeFileSync(join(place, `seg-${[first.padStart(12, '0'), ...turn].join('-')}.wav`), bytes);
  };
  write(join(folder, run), 0, 100);
  write(join(folder, run), 100, 100);
  write(second, 100, 60);
  write(join(folder, run), 160, 40);
  // Back in the first: what the dead second one kept counts no more.
  write(second, 200, 90);
  write(join(folder, run), '200-1', 50);
  expect(keptRanges(segmentsOf(folder, run))).toEqual([{ fromFrame: 0, toFrame: 250 }]);
  expect(
    segmentsOf(folder, run).filter(({ toFrame, firstFrame }) => toFrame > firstFrame),
  ).toHaveLength(4);
  rmSync(join(folder, run, 'second'));
  // Negative control: without the link its frames are the first folder's.
  expect(segmentsOf(folder, run)).toHaveLength(4);
  expect(segmentsOf(folder, run)[1]?.bytes).toBe(58 + 100 * CHANNELS * 4);
});

test('a number that is none of a frame names no segment', () => {
  const run = 'f'.repeat(32);
  mkdirSync(join(folder, run));
  const bytes = Buffer.alloc(58 + 10 * CHANNELS * 4);
  bytes.set(wavHeader(10, 48_000, CHANNELS));
  for (const digits of ['000000000007', '9007199254740992', '9999999999999999999'])
    writeFileSync(join(folder, run, `seg-${digits}.wav`), bytes);
  expect(keptRanges(segmentsOf(folder, run))).toEqual([{ fromFrame: 7, toFrame: 17 }]);
});

test('no folder is no sound', () => {
  expect(spoolRuns(join(folder, 'nowhere'))).toEqual([]);
  expect(segmentsOf(folder, 'd'.repeat(32))).toEqual([]);
});

test('a hole cuts what it lies in, from one side, in two, or all of it', () => {
  const range = (fromFrame: number, toFrame: number) => ({ fromFrame, toFrame });
  const kept = [range(0, 100), range(200, 300)];
  expect(without(kept, [])).toEqual(kept);
  expect(without(kept, [range(100, 200)])).toEqual(kept);
  expect(without(kept, [range(50, 250), range(260, 270), range(290, 400)])).toEqual([
    range(0, 50),
    range(250, 260),
    range(270, 290),
  ]);
  expect(without(kept, [range(0, 100), range(0, 300)])).toEqual([]);
});

test('what is left without holes is what was asked for, frame by frame; seed 20261126', () => {
  const random = makeRandom(20_261_126);
  const upTo = (max: number) => Math.floor(random() * max);
  const range = () => {
    const fromFrame = upTo(60);
    return { fromFrame, toFrame: fromFrame + 1 + upTo(12) };
  };
  for (let round = 0; round < 500; round += 1) {
    const ranges = [0, 20, 45].map((fromFrame) => ({
      fromFrame,
      toFrame: fromFrame + 1 + upTo(20),
    }));
    const holes = Array.from({ length: upTo(12) }, range);
    const isIn = (list: readonly { fromFrame: number; toFrame: number }[], frame: number) =>
      list.some(({ fromFrame, toFrame }) => frame >= fromFrame && frame < toFrame);
    const left = without(ranges, holes);
    for (let frame = 0; frame < 80; frame += 1) {
      expect(isIn(left, frame)).toBe(isIn(ranges, frame) && !isIn(holes, frame));
    }
  }
});
