/** When the wall clock may say that something is old enough to go. */
import { expect, test } from 'bun:test';
import { ClockTrust } from '../../../server/session/time/clock-trust.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Looks once a minute; the number of the first look that is believed. */
const firstTrusted = (
  wallOf: (minute: number) => number,
  nowOf = (minute: number) => minute,
): number => {
  const clock = new ClockTrust();
  for (let minute = 0; minute < 4 * DAY_MINUTES; minute += 1) {
    if (clock.look(MINUTE_MS * wallOf(minute), MINUTE_MS * nowOf(minute))) return minute;
  }
  return Infinity;
};

test('a clock that goes as the other one is believed after a day', () => {
  expect(firstTrusted((minute) => 9e6 + minute)).toBe(DAY_MINUTES);
});

test('one that is corrected a little now and then is believed all the same', () => {
  expect(firstTrusted((minute) => minute + (minute % 100 === 0 ? 2 : 0))).toBe(DAY_MINUTES);
});

test('after a jump, forward or back, and after a sleep, it has to prove itself for a day again', () => {
  const at = 700;
  for (const jump of [6, -6, 50 * DAY_MINUTES]) {
    const wall = (minute: number) => minute + (minute < at ? 0 : jump);
    expect(firstTrusted(wall)).toBe(at + DAY_MINUTES);
  }
});

test('one that jumps every hour is never believed', () => {
  expect(firstTrusted((minute) => minute + 10 * Math.floor(minute / 60))).toBe(Infinity);
});
