import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import { Backoff } from '../../../server/supervise/backoff.ts';

const waits = (backoff: Backoff, ...livedMs: number[]) =>
  livedMs.map((each) => backoff.nextMs(each));

describe('the back-off of a child', () => {
  test('grows while no life lasts, also when each begins well', () => {
    for (const livedMs of [0, 49, 51, 100, 1000, 4999]) {
      const backoff = new Backoff(LIMITS.gatewayBackoffMs);
      const all = waits(backoff, livedMs, livedMs, livedMs, livedMs, livedMs, livedMs);
      expect(all).toEqual([0, 250, 1000, 4000, 4000, 4000]);
    }
  });

  test('begins anew after a life that lasted', () => {
    const backoff = new Backoff(LIMITS.gatewayBackoffMs);
    expect(waits(backoff, 0, 0, 0, 5000, 100, 100, 3_600_000)).toEqual([
      0, 250, 1000, 0, 250, 1000, 0,
    ]);
  });
});
