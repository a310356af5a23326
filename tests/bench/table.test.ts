import { describe, expect, test } from 'bun:test';
import type { Limit } from './limit.ts';
import { LIMITS } from './limits.ts';
import { type Figure, judge, table } from './table.ts';

describe('the stored limits', () => {
  test('each bounds its figure on exactly one side', () => {
    for (const [name, limit] of Object.entries<Limit>(LIMITS)) {
      expect([name, [limit.atMost, limit.atLeast].filter((bound) => bound !== undefined)]).toEqual([
        name,
        [expect.any(Number)],
      ]);
    }
  });

  test.each<[Figure, boolean]>([
    [{ name: 'ownTempo', value: 8, floor: 1.5 }, true],
    [{ name: 'ownTempo', value: 8.1, floor: 1.5 }, false],
    [{ name: 'repitch', value: 75, floor: 50 }, true],
    [{ name: 'repitch', value: 76, floor: 50 }, false],
    [{ name: 'repitch', value: 1 }, false],
    [{ name: 'latencySpread', value: 0.35, floor: 0.1 }, true],
    [{ name: 'latencySpread', value: 0.45, floor: 0.1 }, false],
    [{ name: 'jackXruns', value: 0, floor: 0 }, true],
    [{ name: 'jackXruns', value: 1, floor: 0 }, false],
    [{ name: 'slotsProved', value: 256 }, true],
    [{ name: 'slotsProved', value: 255 }, false],
    [{ name: 'rampsLeast', value: 239 }, false],
    [{ name: 'rampsMost', value: 480 }, true],
    [{ name: 'rampsMost', value: 481 }, false],
    [{ name: 'burst', value: 999 }, false],
    [{ name: 'burstRefused', value: 0 }, true],
    [{ name: 'burstRefused', value: 1 }, false],
    [{ name: 'floorCount', value: 2.1 }, false],
    [{ name: 'floorCount', value: Number.NaN }, false],
  ])('%j is kept: %p', (figure, isKept) => {
    expect(judge(figure).isKept).toBe(isKept);
  });

  test('the table says figure, floor, ratio, limit and verdict, and sums up', () => {
    const text = table([
      judge({ name: 'repitch', value: 100, floor: 50, note: 'measured' }),
      judge({ name: 'burst', value: 1000 }),
    ]);
    expect(text).toMatch(/repitching live +100 .*50 4-point C kernel +2 +≤ 1.5 × +FAIL/);
    expect(text).toMatch(/answered +1000 commands +– +– +≥ 1000 +pass/);
    expect(text).toContain('repitch: measured');
    expect(text).toContain('1 kept, 1 missed');
  });
});
