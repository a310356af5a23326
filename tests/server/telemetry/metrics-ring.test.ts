import { describe, expect, test } from 'bun:test';
import { METRICS_SECONDS_MAX, SERIES_NAMES } from '../../../protocol/metrics.ts';
import { Histogram } from '../../../server/telemetry/histogram.ts';
import { MetricsRing } from '../../../server/telemetry/metrics-ring.ts';

const makeRing = () => new MetricsRing(['cpu', 'fps'] as const, 5);

describe('the ring of figures', () => {
  test('holds the newest seconds, oldest first, in memory that does not grow', () => {
    const ring = makeRing();
    const { bytes } = ring;
    expect(ring.read('cpu', 5)).toEqual([]);
    for (let second = 100; second < 108; second += 1) ring.note(second, { cpu: second / 4 });
    expect(ring.read('cpu', 5)).toEqual([25.75, 26, 26.25, 26.5, 26.75]);
    expect(ring.read('cpu', 2)).toEqual([26.5, 26.75]);
    expect(ring.bytes).toBe(bytes);
    expect(bytes).toBe(2 * 5 * 4);
  });

  test('a figure that was not given, and a second that nobody noted, are holes', () => {
    const ring = makeRing();
    ring.note(0, { cpu: 1, fps: 30 });
    ring.note(3, { cpu: 2 });
    expect(ring.read('cpu', 5)).toEqual([1, null, null, 2]);
    expect(ring.read('fps', 5)).toEqual([30, null, null, null]);
    // A sleep longer than the ring leaves nothing of before.
    ring.note(50, { fps: 8 });
    expect(ring.read('cpu', 5)).toEqual([null, null, null, null, null]);
    expect(ring.read('fps', 5)).toEqual([null, null, null, null, 8]);
  });

  test('a second noted twice has the later figures, one that is over is left as it is', () => {
    const ring = makeRing();
    ring.note(7, { cpu: 1 });
    ring.note(7, { cpu: 2 });
    ring.note(6, { cpu: 9 });
    expect(ring.read('cpu', 5)).toEqual([2]);
  });

  test('ten minutes of all figures take less than 64 KB', () => {
    expect(METRICS_SECONDS_MAX).toBe(600);
    expect(new MetricsRing(SERIES_NAMES, METRICS_SECONDS_MAX).bytes).toBeLessThan(65_536);
  });
});

test('a histogram counts what is up to a bound, and what is above all', () => {
  const times = new Histogram([0.1, 1]);
  for (const seconds of [0.05, 0.1, 0.5, 7]) times.observe(seconds);
  expect(times.figures).toEqual({ bounds: [0.1, 1], counts: [2, 1, 1], sum: 7.65 });
});
