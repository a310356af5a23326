import { expect, test } from 'bun:test';
import { makeRandom } from '../../judge/wav.ts';
import { growth, residentBytes } from './memory.ts';

const MB = 1_048_576;
const HOUR_MS = 3_600_000;

/** Ten minutes with a saw-tooth of a collector, and so much more each hour. */
const samples = (leakMbPerHour: number) => {
  const random = makeRandom(4);
  return Array.from({ length: 600 }, (_, second) => {
    const atMs = second * 1000;
    const garbage = (second % 37) * 0.5 + random() * 2;
    return { atMs, bytes: (300 + garbage + (leakMbPerHour * atMs) / HOUR_MS) * MB };
  });
};

test('growth is seen through what a collector gives back', () => {
  const perHour = (leak: number) => (growth(samples(leak)) * HOUR_MS) / MB;
  expect(Math.abs(perHour(0))).toBeLessThan(1);
  expect(perHour(20)).toBeWithin(19, 21);
});

test('resident memory of a process', () => {
  const before = residentBytes(process.pid);
  const block = new Uint8Array(64 * MB).fill(7);
  expect(residentBytes(process.pid) - before).toBeGreaterThan(block.length / 2);
});
