import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import { Heartbeat } from '../../../server/supervise/heartbeat.ts';

/** Asks four times a second, like the launcher, from `from` to `to`. */
const watch = (heart: Heartbeat, from: number, to: number): number => {
  let silent = 0;
  for (let ms = from; ms <= to; ms += 250) silent = heart.silentMs(ms);
  return silent;
};

describe('heartbeat', () => {
  test('silence is counted from the last beat', () => {
    const heart = new Heartbeat(0, 0);
    heart.beat(1000);
    expect(watch(heart, 250, 1000)).toBe(0);
    expect(watch(heart, 1250, 2250)).toBe(1250);
    heart.beat(2300);
    expect(heart.silentMs(2500)).toBe(200);
  });

  test('the first beat may be late, and ends that patience', () => {
    const heart = new Heartbeat(0, 10_000);
    expect(watch(heart, 250, 9000)).toBe(0);
    heart.beat(9100);
    expect(watch(heart, 9250, 11_000)).toBe(1900);
  });

  test('after the launcher itself stood still everybody gets two seconds', () => {
    const heart = new Heartbeat(0, 0);
    heart.beat(100);
    watch(heart, 250, 500);
    const woken = 60_000;
    expect(watch(heart, woken, woken + LIMITS.wakeGraceMs - 250)).toBe(0);
    // The minute in which nobody could hear it is not held against it.
    expect(heart.silentMs(woken + LIMITS.wakeGraceMs)).toBeLessThan(LIMITS.wakeGraceMs + 1000);
  });

  test('a launcher that stood still for less than a second kills nobody who beats', () => {
    for (let stoodMs = 0; stoodMs <= 1000; stoodMs += 10) {
      const heart = new Heartbeat(0, 0);
      heart.beat(1);
      watch(heart, 250, 250);
      // What came meanwhile lies in the pipe; a timer that is due comes before it.
      const woken = 250 + stoodMs;
      expect(heart.silentMs(woken)).toBeLessThanOrEqual(LIMITS.gatewayHangMs);
      heart.beat(woken);
      expect(heart.silentMs(woken + 250)).toBe(250);
    }
  });

  test('one that really is silent is found also by a launcher that is late each time', () => {
    const heart = new Heartbeat(0, 0);
    heart.beat(0);
    const silent = [900, 1800, 2700].map((ms) => heart.silentMs(ms));
    expect(silent.at(-1)).toBeGreaterThan(LIMITS.gatewayHangMs);
  });
});
