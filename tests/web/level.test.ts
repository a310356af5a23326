import { describe, expect, test } from 'bun:test';
import {
  dbFigure,
  dbText,
  dbToPlace,
  faderToGain,
  gainToDb,
  gainToFader,
  makeMeterState,
  moveMeter,
  UNITY_PLACE,
} from '../../web/music/level.ts';
import { panText } from '../../web/music/pan.ts';
import { draggedGain } from '../../web/stage/create-pad.ts';

describe('the scale of meters and faders', () => {
  test('runs from −60 to +6 dB and never backwards', () => {
    expect(dbToPlace(-61)).toBe(0);
    expect(dbToPlace(6)).toBe(1);
    const places = Array.from({ length: 67 }, (_, index) => dbToPlace(index - 60));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(UNITY_PLACE).toBeCloseTo(0.8586, 3);
  });

  test('a fader gives back the gain it was set to; its ends are silence and exactly 1', () => {
    for (const gain of [0.01, 0.1, 0.3, 0.5, 0.9]) {
      expect(faderToGain(gainToFader(gain))).toBeCloseTo(gain, 9);
    }
    expect(faderToGain(0)).toBe(0);
    expect(faderToGain(1)).toBe(1);
  });

  test('200 px of drag are the whole range, Shift makes them fine', () => {
    expect(draggedGain(1, -200, false)).toBe(0);
    expect(draggedGain(0, 200, false)).toBe(1);
    expect(draggedGain(0.5, 500, false)).toBe(1);
    expect(gainToFader(draggedGain(0.5, 40, true))).toBeCloseTo(0.55, 6);
  });

  test('figures have a true minus, and none at zero', () => {
    expect(dbText(gainToDb(0.5))).toBe('−6.0 dB');
    expect(dbText(gainToDb(1))).toBe('0.0 dB');
    expect(dbFigure(-0.01)).toBe('0.0');
    expect(dbText(gainToDb(0))).toBe('silent');
    expect(dbFigure(-Infinity)).toBe('−∞');
    expect([panText(0), panText(-0.14), panText(1)]).toEqual(['centre', '14 left', '100 right']);
  });
});

describe('how a meter moves', () => {
  const fall = (dtMs: number) => {
    const meter = makeMeterState();
    moveMeter(meter, 0, dtMs);
    let ms = 0;
    while (meter.level > -20) {
      moveMeter(meter, -120, dtMs);
      ms += dtMs;
    }
    return ms;
  };

  test('up at once', () => {
    const meter = makeMeterState();
    moveMeter(meter, -3, 16);
    expect(meter.level).toBe(-3);
  });

  test.each([1000 / 30, 1000 / 60, 1000 / 120])(
    '20 dB down in 1.7 ± 0.3 s at %f ms a paint',
    (dt) => {
      expect(fall(dt)).toBeGreaterThanOrEqual(1400);
      expect(fall(dt)).toBeLessThanOrEqual(2000);
    },
  );

  test('the hold line stays 1.5 s, then falls; a louder peak takes it along', () => {
    const meter = makeMeterState();
    moveMeter(meter, -6, 10);
    for (let ms = 0; ms < 1490; ms += 10) moveMeter(meter, -120, 10);
    expect(meter.hold).toBe(-6);
    for (let ms = 0; ms < 500; ms += 10) moveMeter(meter, -120, 10);
    expect(meter.hold).toBeLessThan(-6);
    moveMeter(meter, -2, 10);
    expect(meter.hold).toBe(-2);
  });
});
