import { describe, expect, test } from 'bun:test';
import {
  angleOf,
  BASE,
  IN_MAX,
  longestHole,
  OUT_MAX,
  ringShape,
} from '../../web/draw/ring-shape.ts';
import { trailStrength } from '../../web/draw/ring.ts';
import { liveShape } from '../../web/stage/ring-cache.ts';
import { makeStripStore } from '../../web/sync/make-strip-store.ts';
import { readPeaks } from '../../web/sync/make-takes.ts';
import { peaksOf } from '../support/fixture/sounds.ts';

const source = (count: number, level: (part: number) => number) => ({
  count,
  min: Int8Array.from({ length: count }, (_, part) => -Math.round(level(part) * 127)),
  max: Int8Array.from({ length: count }, (_, part) => Math.round(level(part) * 127)),
  bright: new Uint8Array(count),
});

describe('a loop as a ring', () => {
  test('begins at 12 o’clock and runs clockwise', () => {
    const shape = ringShape(
      source(512, () => 1),
      512,
    );
    expect(shape.dirY[0]).toBeLessThan(-0.99);
    expect(shape.dirX[128]).toBeGreaterThan(0.99);
    expect(Math.cos(angleOf(0.25))).toBeCloseTo(1, 9);
  });

  test('level is length: full level reaches the edges, silence the base circle', () => {
    const shape = ringShape(
      source(512, (part) => (part < 256 ? 1 : 0)),
      512,
    );
    expect(shape.outer[10]).toBeCloseTo(BASE + OUT_MAX, 5);
    expect(shape.inner[10]).toBeCloseTo(BASE - IN_MAX, 2);
    expect(shape.outer[400]).toBeCloseTo(BASE, 6);
  });

  test('louder parts are always longer, and different takes are different rings', () => {
    const rising = ringShape(
      source(512, (part) => part / 511),
      512,
    );
    expect([...rising.outer]).toEqual([...rising.outer].toSorted((a, b) => a - b));
    const drums = ringShape(readPeaks(peaksOf('drums', 8, 512, false).buffer), 512);
    const pad = ringShape(readPeaks(peaksOf('pad', 8, 512, false).buffer), 512);
    const apart = drums.outer.reduce((sum, r, at) => sum + Math.abs(r - (pad.outer[at] ?? 0)), 0);
    expect(apart).toBeGreaterThan(5);
  });

  test('fewer parts keep the extremes', () => {
    const shape = ringShape(
      source(512, (part) => (part === 301 ? 1 : 0)),
      256,
    );
    expect(shape.count).toBe(256);
    expect(shape.outer[150]).toBeCloseTo(BASE + OUT_MAX, 5);
  });

  test('a quiet take is raised, but not without bound', () => {
    const quiet = ringShape(
      source(64, () => 0.3),
      64,
    );
    const faint = ringShape(
      source(64, () => 0.02),
      64,
    );
    expect(quiet.outer[0]).toBeGreaterThan(BASE + 0.9 * OUT_MAX);
    expect(faint.outer[0]).toBeLessThan(BASE + 0.2 * OUT_MAX);
  });

  test('the longest abrupt silence is found, none in a full ring or where the player paused', () => {
    expect(longestHole(source(100, (part) => (part >= 40 && part < 47 ? 0 : 1)))).toEqual([40, 47]);
    expect(longestHole(source(100, (part) => (part >= 93 ? 0 : 1)))).toEqual([93, 100]);
    expect(longestHole(source(100, () => 1))).toEqual([-1, -1]);
    const fading = (part: number) => (part < 50 ? (50 - part) / 500 : part < 60 ? 0 : 1);
    expect(longestHole(source(100, fading))).toEqual([-1, -1]);
  });

  test('the trail fades with the distance to the hand', () => {
    expect(trailStrength(0)).toBe(1);
    expect(trailStrength(0.28)).toBeCloseTo(0.365, 2);
    expect(trailStrength(1)).toBeLessThan(0.03);
  });
});

describe('a ring before the server has an overview', () => {
  const strip = makeStripStore();
  for (let index = 0; index < 24 * 16; index++) strip.put(index, -0.5, index < 24 * 12 ? 0.5 : 0);

  test('is what this page saw in the look-back, as far as it was played', () => {
    const shape = liveShape(strip, 8, 16, 12, 256);
    expect(shape?.outer[64]).toBeGreaterThan(BASE + 0.9 * OUT_MAX);
    expect(shape?.outer[200]).toBeCloseTo(BASE, 6);
  });

  test('is nothing when the look-back does not reach there', () => {
    expect(liveShape(strip, 40, 48, 60, 256)).toBeUndefined();
    expect(liveShape(strip, Number.NaN, Number.NaN, 60, 256)).toBeUndefined();
  });
});

describe('the look-back', () => {
  test('a skipped frame leaves no hole, a jump is another timeline', () => {
    const store = makeStripStore();
    for (let index = 0; index < 24; index++) store.put(index, -1, 1);
    for (let index = 20; index < 44; index++) store.put(index, -0.5, 0.5);
    expect([store.oldest(), store.newest()]).toEqual([0, 43]);
    expect(store.max(22)).toBe(0.5);
    store.put(100_000, -0.1, 0.1);
    expect([store.oldest(), store.newest()]).toEqual([100_000, 100_000]);
    expect(store.max(22)).toBe(0);
  });

  test('it forgets the oldest when it is full', () => {
    const store = makeStripStore();
    for (let index = 0; index < 20_000; index++) store.put(index, 0, index / 20_000);
    expect(store.newest() - store.oldest()).toBe(16_383);
    expect(store.max(19_999)).toBeCloseTo(0.99995, 5);
    expect(store.max(0)).toBe(0);
  });
});
