import { describe, expect, test } from 'bun:test';
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import { positionAt } from '../../web/music/position.ts';
import { FIRST_PINGS } from '../../web/sync/make-connection.ts';
import { makeBeatClock } from '../../web/sync/make-beat-clock.ts';
import { makeClock } from '../../web/sync/make-clock.ts';
import { emptyFrame } from '../../web/sync/read-frame.ts';
import { makeRandom } from '../support/random.ts';
import { printedSeed } from '../support/seed.ts';

describe("the engine's clock", () => {
  test('is unknown before the first answer and after a new engine', () => {
    const clock = makeClock();
    expect(clock.toServer(1000)).toBeUndefined();
    clock.addPong(1000, 5010, 1020);
    expect(clock.toServer(1020)).toBe(5020);
    clock.reset();
    expect(clock.toServer(1020)).toBeUndefined();
  });

  test('the quickest ways of the recent pings decide, there and back each for itself', () => {
    const clock = makeClock();
    // 1000 ms ahead: 10 ms there and 70 back, then 70 there and 10 back.
    clock.addPong(0, 1010, 80);
    clock.addPong(100, 1170, 180);
    expect(clock.roundTripMs()).toBe(20);
    expect(clock.toServer(10_000)).toBe(11_000);
  });

  test('after a jump of either clock only what came since counts', () => {
    for (const jumpMs of [5000, -5000]) {
      const clock = makeClock();
      for (let n = 0; n < 8; n++) clock.addPong(1000 * n, 1000 * n + 1010, 1000 * n + 20);
      clock.addPong(9000, 10_010 + jumpMs, 9020);
      expect(clock.toServer(9020)).toBe(10_020 + jumpMs);
    }
  });

  test('the last 24 pings decide', () => {
    const clock = makeClock();
    clock.addPong(0, 1000, 200);
    clock.addPong(1000, 1905, 1010);
    expect(clock.roundTripMs()).toBe(10);
    // Off by more than 30 ms: followed at once.
    clock.addPong(2000, 3100, 2400);
    expect(clock.toServer(2400)).toBeCloseTo(3300, 0);
    for (let i = 0; i < 24; i++) clock.addPong(3000 + i, 4000 + i, 3050 + i);
    expect(clock.roundTripMs()).toBe(50);
  });

  test('a small error is followed by at most 5 % of the time that passes', () => {
    const clock = makeClock();
    clock.addPong(0, 1000, 20);
    expect(clock.toServer(20)).toBe(1010);
    clock.addPong(100, 1110, 110);
    expect(clock.toServer(120)).toBeCloseTo(1110 + 5, 5);
    expect(clock.toServer(1120)).toBeCloseTo(1120 + 1000, 5);
  });
});

describe('where the music is', () => {
  const RATE = 48_000;
  const FRAMES_PER_BEAT = 24_000;
  const setUp = (behindMs = 0) => {
    const frame = { ...emptyFrame(), rateHz: RATE, framesPerBeat: FRAMES_PER_BEAT, slotCount: 8 };
    const clock = makeBeatClock(
      frame,
      () => 4,
      () => behindMs,
    );
    const send = (beat: number, serverMs: number, nowMs: number, serverNowMs = serverMs) => {
      const phase = ((beat / 8) % 1) + (beat < 0 ? 1 : 0);
      Object.assign(frame, { beat, serverMs, arrivedMs: nowMs, flags: FEATURE_FLAGS.playing });
      frame.slots[2] = phase;
      frame.slots[5] = -1;
      clock.takeFrame(frame, nowMs, serverNowMs);
    };
    return { frame, clock, send };
  };

  test('a frame is carried on to the moment of painting', () => {
    const { clock, send } = setUp();
    send(10, 5000, 100);
    expect(clock.beatAt(100)).toBe(10);
    expect(clock.beatAt(150)).toBeCloseTo(10.1, 9);
    expect(clock.slotPhase(0, 8, 150)).toBeCloseTo(10.1 / 8 - 1, 9);
    expect(clock.slotPhase(1, 8, 150)).toBe(-1);
  });

  test('a frame that took its time counts from when it was made, over the wrap of its clock too', () => {
    const { clock, send } = setUp();
    send(10, 5000, 100, 5040);
    expect(clock.beatAt(100)).toBeCloseTo(10.08, 9);
    const wrapped = setUp();
    wrapped.send(10, 2 ** 32 - 10, 100, 2 ** 32 + 30);
    expect(wrapped.clock.beatAt(100)).toBeCloseTo(10.08, 9);
  });

  test('what is shown is as far behind as what is heard, also across the start of a loop', () => {
    const { clock, send } = setUp(150);
    send(8.1, 5000, 100);
    expect(clock.beatAt(100)).toBeCloseTo(7.8, 9);
    expect(clock.slotPhase(0, 8, 100)).toBeCloseTo(7.8 / 8, 9);
    expect(clock.madeAt(100)).toBe(8.1);
    send(8.2, 5050, 150);
    expect(clock.beatAt(150)).toBeCloseTo(7.9, 9);
  });

  test('paused, nothing is carried on', () => {
    const { frame, clock } = setUp(150);
    Object.assign(frame, { beat: 7, flags: 0, arrivedMs: 0 });
    frame.slots[2] = 0.25;
    clock.takeFrame(frame, 0, 0);
    clock.takeFrame(frame, 33, 33);
    expect(clock.beatAt(200)).toBe(7);
    expect(clock.slotPhase(0, 8, 200)).toBe(0.25);
  });

  /**
   * Errors of the hand at each paint of a minute, ms: frames and pings take 40 ± 30 ms each way, and none
   * overtakes another on one line. Without the engine's clock a frame counts as made when it came.
   */
  const minuteOfErrorsMs = (random: () => number, knowsEngine: boolean): number[] => {
    const { clock: beat, send } = setUp();
    const clock = makeClock();
    const wayMs = () => 10 + random() * 60;
    const AHEAD_MS = 5000;
    const first = Array.from({ length: FIRST_PINGS.count }, (_, n) => n * FIRST_PINGS.apartMs);
    const each = Array.from({ length: 59 }, (_, n) => 1000 * (n + 1));
    const pings = [...first, ...each].map((sentMs) => ({ sentMs, leavesMs: sentMs + wayMs() }));
    const frames = Array.from({ length: 1800 }, (_, n) => ({
      sentMs: undefined,
      leavesMs: (n * 1000) / 30,
    }));
    const errorsMs: number[] = [];
    let nowMs = 0;
    const sent = [...pings, ...frames].toSorted((a, b) => a.leavesMs - b.leavesMs);
    for (const { sentMs, leavesMs } of sent) {
      nowMs = Math.max(nowMs, leavesMs + wayMs());
      const engineMs = leavesMs + AHEAD_MS;
      if (sentMs !== undefined) {
        clock.addPong(sentMs, engineMs, nowMs);
        continue;
      }
      const known = knowsEngine ? clock.toServer(nowMs) : undefined;
      send(engineMs / 500, Math.round(engineMs), nowMs, known);
      const paintMs = nowMs + random() * 16;
      const errorMs = beat.beatAt(paintMs) * 500 - (paintMs + AHEAD_MS);
      if (leavesMs > 2000) errorsMs.push(Math.abs(errorMs));
    }
    return errorsMs;
  };

  test('with 40 ± 30 ms of network jitter the hand stays within 15 ms of the music', () => {
    const random = makeRandom(printedSeed());
    const p95Ms = (knowsEngine: boolean) => {
      const errorsMs = Array.from({ length: 10 }, () => minuteOfErrorsMs(random, knowsEngine));
      const sorted = errorsMs.flat().toSorted((a, b) => a - b);
      return sorted[Math.floor(sorted.length * 0.95)];
    };
    expect(p95Ms(true)).toBeLessThanOrEqual(15);
    expect(p95Ms(false)).toBeGreaterThan(15);
  });

  test('a jump of the music is followed at once', () => {
    const { clock, send } = setUp();
    send(10, 5000, 100);
    send(96, 5033, 133);
    expect(clock.beatAt(133)).toBe(96);
  });

  test('a meter change moves bar lines with the bar phase', () => {
    const { frame, clock } = setUp();
    Object.assign(frame, { beat: 13.5, barPhase: 0.375 });
    expect(clock.barStartBeat()).toBe(12);
  });
});

test('bars and beats count from 1, whichever bar line is given', () => {
  const at = { bar: 0, beat: 0 };
  expect(positionAt(82.4, 80, 20, 4, at)).toEqual({ bar: 21, beat: 3 });
  expect(positionAt(84, 80, 20, 4, at)).toEqual({ bar: 22, beat: 1 });
  expect(positionAt(79.9, 80, 20, 4, at)).toEqual({ bar: 20, beat: 4 });
});
