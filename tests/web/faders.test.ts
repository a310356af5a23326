/** What a hand does to faders and mutes: how often it is sent, what is sent last, and how long it is shown. */
import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { emptyState } from '../../protocol/empty-state.ts';
import { createMixer, TELL_EVERY_MS } from '../../web/sync/create-mixer.ts';
import {
  createOverlay,
  ECHO_MS,
  GIVE_UP_MS,
  UNCONFIRMED_MS,
} from '../../web/sync/create-overlay.ts';
import type { Replica } from '../../web/sync/create-replica.ts';
import type { Wish } from '../../web/sync/make-requests.ts';
import { makeRandom } from '../support/random.ts';
import { printedSeed } from '../support/seed.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const settled = async () => {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
};

const setUp = () => {
  const told: { wish: Wish; atMs: number }[] = [];
  const asked: { wish: Wish; answer: () => void }[] = [];
  const overlay = createOverlay();
  let nowMs = 0;
  const mixer = createMixer({
    replica: { state: emptyState() } as Replica,
    overlay,
    tell: (wish) => told.push({ wish, atMs: nowMs }) > 0,
    run: (wish) => new Promise((answer) => asked.push({ wish, answer: () => answer(undefined) })),
  });
  const pass = async (ms: number) => {
    for (let one = 0; one < ms; one += 1) {
      nowMs += 1;
      jest.advanceTimersByTime(1);
    }
    await settled();
  };
  const answer = async (index: number) => {
    asked[index]?.answer();
    await settled();
  };
  return { answer, asked, mixer, overlay, pass, told };
};

const vol = (val: number, slot = 0): Wish => ({ cmd: 'SET_VOL', slot, val });

describe('a fader', () => {
  test('held still is heard where it is held', async () => {
    const { mixer, pass, told } = setUp();
    for (const val of [0.9, 0.6, 0.3]) mixer.setVolume(0, val);
    expect(told.map(({ wish }) => wish)).toEqual([vol(0.9)]);
    await pass(TELL_EVERY_MS);
    expect(told.map(({ wish }) => wish)).toEqual([vol(0.9), vol(0.3)]);
    await pass(1000);
    expect(told).toHaveLength(2);
  });

  test('whatever hands do: no two of one fader closer than that, and of each the last arrives', async () => {
    const random = makeRandom(printedSeed());
    const { mixer, pass, told } = setUp();
    const last = new Map<number, number>();
    for (let move = 0; move < 1500; move += 1) {
      const slot = Math.floor(random() * 3);
      const val = random();
      last.set(slot, val);
      mixer.setVolume(slot, val);
      await pass(Math.floor(random() * 9));
    }
    await pass(TELL_EVERY_MS);
    for (const [slot, val] of last) {
      const mine = told.filter(({ wish }) => wish.cmd === 'SET_VOL' && wish.slot === slot);
      expect(mine.at(-1)?.wish).toEqual(vol(val, slot));
      const gaps = mine.slice(1).map(({ atMs }, index) => atMs - (mine[index]?.atMs ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(TELL_EVERY_MS);
    }
  });

  test('let go says its last value at once, and nothing older after it', async () => {
    const { asked, mixer, pass, told } = setUp();
    mixer.setVolume(0, 0.9);
    mixer.setVolume(0, 0.5);
    mixer.endVolume(0, 0.4);
    expect(asked.map(({ wish }) => wish)).toEqual([vol(0.4)]);
    await pass(1000);
    expect(told.map(({ wish }) => wish)).toEqual([vol(0.9)]);
  });

  test('of pan and of an input does not wait for that of the volume', () => {
    const { mixer, told } = setUp();
    mixer.setVolume(0, 0.9);
    mixer.slide({ cmd: 'SET_PAN', slot: 0, val: 0.5 });
    mixer.slide({ cmd: 'SET_INPUT', source: 0, gainDb: -3 });
    mixer.slide({ cmd: 'SET_INPUT', source: 1, gainDb: -3 });
    expect(told).toHaveLength(4);
  });

  test('shows the hand until 150 ms after the answer; taken up again before that, longer', async () => {
    const { answer, mixer, pass } = setUp();
    mixer.endVolume(0, 0.4);
    await answer(0);
    await pass(ECHO_MS - 1);
    expect(mixer.volumeOf(0)).toBe(0.4);
    await pass(1);
    expect(mixer.volumeOf(0)).toBe(1);
    mixer.endVolume(0, 0.4);
    mixer.setVolume(0, 0.3);
    await answer(1);
    await pass(1000);
    expect(mixer.volumeOf(0)).toBe(0.3);
  });
});

describe('M', () => {
  test('pressed twice at once shows the second press until its own answer', async () => {
    const { answer, mixer, pass } = setUp();
    mixer.setMuted(0, true);
    mixer.setMuted(0, true);
    await answer(0);
    await pass(ECHO_MS);
    expect(mixer.mutedOf(0)).toBe(true);
    await answer(1);
    await pass(ECHO_MS);
    expect(mixer.mutedOf(0)).toBe(false);
  });
});

describe('a whole state that comes anew', () => {
  test('leaves a volume under the finger, and takes one that nobody holds any more', async () => {
    const { mixer, overlay, pass } = setUp();
    mixer.setVolume(0, 0.5);
    overlay.expire();
    expect(mixer.volumeOf(0)).toBe(0.5);
    await pass(GIVE_UP_MS / 2);
    mixer.setVolume(0, 0.4);
    await pass(GIVE_UP_MS);
    expect(mixer.volumeOf(0)).toBe(0.4);
    overlay.expire();
    await pass(GIVE_UP_MS);
    expect(mixer.volumeOf(0)).toBe(1);
  });

  test('does not count what waits below nothing: later waits are said as before', async () => {
    const { overlay, pass } = setUp();
    const waits: (() => void)[] = [];
    const wait = () => overlay.wait(0, new Promise<void>((end) => waits.push(end)));
    wait();
    await pass(UNCONFIRMED_MS);
    overlay.expire();
    waits[0]?.();
    await settled();
    expect(overlay.slots[0]?.isSending).toBe(false);
    wait();
    await pass(UNCONFIRMED_MS);
    expect(overlay.slots[0]?.isSending).toBe(true);
    await pass(GIVE_UP_MS);
    expect(overlay.slots[0]?.isSending).toBe(false);
  });
});
