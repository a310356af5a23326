import { describe, expect, test } from 'bun:test';
import { FrameWindow } from '../../../server/gateway/frame-window.ts';

const PERIOD_MS = 1000 / 30;

/** The numbers of the frames that went out, of `count` at 30 fps. */
const run = (window: FrameWindow, count: number, acknowledge: boolean): number[] => {
  const sent: number[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const nowMs = seq * PERIOD_MS;
    if (!window.isDue(nowMs) || !window.offer(seq, nowMs, true)) continue;
    sent.push(seq);
    if (acknowledge) window.acknowledge(seq);
  }
  return sent;
};

describe('frame window', () => {
  test('stops at five in flight and counts what it skips', () => {
    const window = new FrameWindow();
    expect(run(window, 30, false)).toEqual([1, 2, 3, 4, 5]);
    expect(window.inFlightCount).toBe(5);
    expect(window.sentCount).toBe(5);
    expect(window.skippedCount).toBe(25);
    expect(window.waitingSinceMs).toBeCloseTo(2 * PERIOD_MS);
  });

  test('an acknowledgement is cumulative', () => {
    const window = new FrameWindow();
    run(window, 5, false);
    window.acknowledge(3);
    expect(window.inFlightCount).toBe(2);
    window.acknowledge(2);
    expect(window.inFlightCount).toBe(2);
    expect(window.offer(6, 200, true)).toBeTrue();
    window.acknowledge(6);
    expect(window.inFlightCount).toBe(0);
    expect(window.waitingSinceMs).toBeNull();
  });

  test('no ACK is owed for one frame: every second one is acknowledged', () => {
    const window = new FrameWindow();
    window.offer(1, 100, true);
    expect(window.waitingSinceMs).toBeNull();
    window.offer(2, 200, true);
    expect(window.waitingSinceMs).toBe(200);
    window.acknowledge(1);
    expect(window.waitingSinceMs).toBeNull();
  });

  test('numbers wrap at 32 bits', () => {
    const window = new FrameWindow();
    for (const seq of [0xff_ff_ff_fe, 0xff_ff_ff_ff, 0, 1]) window.offer(seq, 1, true);
    window.acknowledge(0xff_ff_ff_ff);
    expect(window.inFlightCount).toBe(2);
    window.acknowledge(1);
    expect(window.inFlightCount).toBe(0);
  });

  test('a client whose socket is full is skipped', () => {
    const window = new FrameWindow();
    expect(window.offer(1, 0, false)).toBeFalse();
    expect(window).toMatchObject({ inFlightCount: 0, skippedCount: 1 });
  });

  test.each([
    [30, 300],
    [15, 150],
    [8, 80],
    [0, 0],
  ])('at %i fps ten seconds bring %i frames', (fps, count) => {
    const window = new FrameWindow();
    window.setFps(fps);
    expect(Math.abs(run(window, 300, true).length - count)).toBeLessThanOrEqual(1);
  });

  test('after a pause the rate is kept, nothing is caught up', () => {
    const window = new FrameWindow();
    window.setFps(8);
    window.offer(1, 0, true);
    window.acknowledge(1);
    expect(window.isDue(10_000)).toBeTrue();
    window.offer(2, 10_000, true);
    window.acknowledge(2);
    expect(window.isDue(10_000 + PERIOD_MS)).toBeFalse();
    expect(window.isDue(10_125)).toBeTrue();
  });

  test('a hidden page is waited for no more', () => {
    const window = new FrameWindow();
    run(window, 5, false);
    window.setFps(0);
    expect(window.waitingSinceMs).toBeNull();
    expect(window.isDue(1e9)).toBeFalse();
  });
});
