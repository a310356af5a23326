import { expect, test } from 'bun:test';
import { makeRandom } from '../../judge/wav.ts';
import { growth, residentBytes, verdictOf } from './memory.ts';

const MB = 1_048_576;
const HOUR_MS = 3_600_000;

/** Twenty minutes, of which caches fill for eight, with a saw-tooth of a collector and so much more each hour. */
const samples = (leakMbPerHour: number) => {
  const random = makeRandom(4);
  return Array.from({ length: 1200 }, (_, second) => {
    const atMs = second * 1000;
    const garbage = (second % 37) * 0.1 + random() * 0.5;
    const cache = Math.min(480, second) * 0.2;
    return { atMs, bytes: (300 + garbage + cache + (leakMbPerHour * atMs) / HOUR_MS) * MB };
  });
};

test('growth is seen through what a collector gives back, and caches that fill first are none', () => {
  const perHour = (leak: number) => (growth(samples(leak)).bytesPerMs * HOUR_MS) / MB;
  expect(Math.abs(perHour(0))).toBeLessThan(1);
  expect(perHour(20)).toBeWithin(19, 21);
});

test('growth tells how far it may be off', () => {
  const { bytesPerMs, deviation } = growth(samples(0));
  expect(Math.abs(bytesPerMs)).toBeLessThan(4 * deviation);
  const line = Array.from({ length: 100 }, (_, at) => ({ atMs: at, bytes: 7 * at }));
  expect(growth(line).bytesPerMs).toBeCloseTo(7);
  expect(growth(line).deviation).toBeCloseTo(0);
});

test('growth is below a limit only when chance could not hide more', () => {
  const verdict = (bytesPerMs: number, deviation: number) =>
    verdictOf({ bytesPerMs, deviation }, 100);
  expect([verdict(79, 10), verdict(-300, 199)]).toEqual(['below', 'below']);
  expect([verdict(80, 10), verdict(-300, 200), verdict(250, 60)]).toEqual(['open', 'open', 'open']);
  expect([verdict(131, 10), verdict(1300, 100)]).toEqual(['above', 'above']);
});

test('resident memory of a process', () => {
  const before = residentBytes(process.pid);
  const block = new Uint8Array(64 * MB).fill(7);
  expect(residentBytes(process.pid) - before).toBeGreaterThan(block.length / 2);
});
