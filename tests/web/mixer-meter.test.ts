/** Meters of the mixer move with time, not with the number of paints. */
import { expect, test } from 'bun:test';
import { makeLoudMeter, moveRms } from '../../web/draw/mixer-meter.ts';
import { gainToDb, moveMeter } from '../../web/music/level.ts';

const fallMs = (paintsPerSecond: number): number => {
  const meter = makeLoudMeter();
  const dtMs = 1000 / paintsPerSecond;
  moveMeter(meter, 0, dtMs);
  for (let ms = dtMs; ; ms += dtMs) {
    moveMeter(meter, -120, dtMs);
    if (meter.level <= -20) return ms;
  }
};

test('after a full-scale step the peak falls by 20 dB in 1.7 s at 30 and at 120 paints a second', () => {
  for (const paints of [30, 60, 120]) {
    expect(fallMs(paints)).toBeGreaterThan(1400);
    expect(fallMs(paints)).toBeLessThan(2000);
  }
});

test('rms follows a steady level within a second and never passes it', () => {
  for (const paints of [20, 60]) {
    const meter = makeLoudMeter();
    for (let paint = 0; paint < paints; paint += 1) {
      moveRms(meter, 0.1, 1000 / paints);
      expect(meter.rms).toBeLessThanOrEqual(gainToDb(0.1) + 1e-9);
    }
    expect(meter.rms).toBeGreaterThan(gainToDb(0.1) - 1);
  }
});
