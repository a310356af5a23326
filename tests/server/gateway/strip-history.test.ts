import { describe, expect, test } from 'bun:test';
import { STRIP_HEADER_WORDS, STRIP_MAGIC } from '../../../protocol/features.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { StripHistory } from '../../../server/gateway/strip-history.ts';
import { bucketValues, makeFrame } from './support/feature-frame.ts';

const add = (strip: StripHistory, newestBucket: number, buckets?: number) => {
  const frame = makeFrame({ seq: 1, newestBucket, ...(buckets === undefined ? {} : { buckets }) });
  strip.add(new DataView(frame.buffer));
};

const read = (strip: StripHistory) => {
  const message = strip.message();
  if (message === null) return null;
  const view = new DataView(message.buffer);
  const count = view.getUint32(8, true);
  expect(view.getUint32(0, true)).toBe(STRIP_MAGIC);
  expect(view.getUint32(12, true)).toBe(0);
  expect(message.length).toBe(4 * (STRIP_HEADER_WORDS + 2 * count));
  const value = (word: number) => view.getFloat32(4 * word, true);
  const pairs = Array.from({ length: count }, (_, k): [number, number] => [
    value(STRIP_HEADER_WORDS + 2 * k),
    value(STRIP_HEADER_WORDS + 2 * k + 1),
  ]);
  return { newest: view.getInt32(4, true), pairs };
};

const expected = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, k) => bucketValues(from + k));

describe('strip history', () => {
  test('is nothing before the first frame and after frames without buckets', () => {
    const strip = new StripHistory();
    expect(strip.message()).toBeNull();
    add(strip, 50, 0);
    expect(strip.message()).toBeNull();
  });

  test('frames that overlap make one row without hole or repeat', () => {
    const strip = new StripHistory();
    for (const newest of [23, 24, 30, 54]) add(strip, newest);
    expect(read(strip)).toEqual({ newest: 54, pairs: expected(0, 54) });
  });

  test('numbers below zero are as good as others', () => {
    const strip = new StripHistory();
    add(strip, -1);
    add(strip, 5);
    expect(read(strip)).toEqual({ newest: 5, pairs: expected(-24, 5) });
  });

  test('keeps the newest 1536', () => {
    const strip = new StripHistory();
    for (let newest = 23; newest <= 5000; newest += 7) add(strip, newest);
    const last = 23 + 7 * Math.floor((5000 - 23) / 7);
    const oldest = last - LIMITS.stripBuckets + 1;
    expect(read(strip)).toEqual({ newest: last, pairs: expected(oldest, last) });
  });

  test('what no frame told is silence', () => {
    const strip = new StripHistory();
    add(strip, 23);
    add(strip, 50);
    const { pairs } = read(strip) ?? { pairs: [] };
    expect(pairs).toEqual([...expected(0, 23), [0, 0], [0, 0], [0, 0], ...expected(27, 50)]);
  });

  test('a number that goes back begins anew, and so does one far ahead', () => {
    const strip = new StripHistory();
    for (const newest of [980, 1000]) add(strip, newest);
    add(strip, 990);
    expect(read(strip)).toEqual({ newest: 990, pairs: expected(967, 990) });
    add(strip, 990 + 2 * LIMITS.stripBuckets);
    expect(read(strip)?.pairs).toHaveLength(24);
  });
});
