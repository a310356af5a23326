import { describe, expect, test } from 'bun:test';
import { MasterSender } from '../../server/engine/master-sender.ts';
import { makeSchedule } from '../../web/listen/make-schedule.ts';
import { dropoutWords } from '../../web/listen/dropout-words.ts';
import { readSound } from '../../web/listen/read-sound.ts';

const RATE = 48_000;
const PIECE = 480;

/** Hands over pieces as they come; what was placed, one behind the other. */
const hear = (comesAt: (piece: number) => number, count: number) => {
  const schedule = makeSchedule();
  const placed = Array.from({ length: count }, (_, piece) =>
    schedule.place(piece * PIECE, PIECE, RATE, comesAt(piece)),
  );
  return { placed, schedule };
};

describe('when a piece of the master is played', () => {
  test('right behind the one before it, as long as they come in time', () => {
    const { placed, schedule } = hear((piece) => 5 + piece * 0.01 + (piece % 3) * 0.02, 1000);
    for (const [piece, each] of placed.entries()) {
      expect(each?.at).toBeCloseTo(5 + 0.08 + piece * 0.01, 6);
      expect(each?.isFresh).toBe(piece === 0);
    }
    expect(schedule.dropouts()).toBe(0);
  });

  test('a silence of the network is one dropout, and the delay does not grow by it', () => {
    const late = 0.4;
    const { placed, schedule } = hear((piece) => 1 + piece * 0.01 + (piece < 100 ? 0 : late), 400);
    expect(schedule.dropouts()).toBe(1);
    expect(schedule.lead()).toBeCloseTo(0.12, 6);
    const last = placed.at(-1);
    expect((last?.at ?? 0) - (1 + 3.99 + late)).toBeLessThan(0.12 + 0.001);
  });

  test('of a heap after a silence the rest is left out, and the first that is not begins anew', () => {
    const heap = 100;
    const { placed } = hear((piece) => (piece < heap ? 2 : 2 + (piece - heap) * 0.01), 200);
    const left = placed.flatMap((each, piece) => (each ? [] : [piece]));
    expect(left.length).toBeGreaterThan(70);
    expect(placed[(left.at(-1) ?? 0) + 1]).toMatchObject({ isFresh: true });
  });

  /** Two heaps of silence make the delay long; then pieces come evenly, each `lateSeconds` after its time. */
  const calmAfterTrouble = (minutes: number, lateSeconds: number) => {
    const silent = (piece: number) => (piece < 100 ? 0 : piece < 200 ? 0.4 : 0.8);
    const comesAt = (piece: number) =>
      1 + piece * 0.01 + silent(piece) + (piece % 50 === 7 ? lateSeconds : 0);
    return hear(comesAt, 200 + minutes * 6000);
  };
  const LONG = 0.08 * 1.5 ** 2;

  test('after a calm minute the delay is given back, without a break and without a change that is heard', () => {
    expect(calmAfterTrouble(0.9, 0).schedule.delay()).toBeCloseTo(LONG, 3);
    const { placed, schedule } = calmAfterTrouble(3, 0);
    expect(schedule.delay()).toBeCloseTo(0.08, 3);
    expect(schedule.dropouts()).toBe(2);
    const calm = placed.slice(210).flatMap((each) => (each ? [each] : []));
    expect(calm.some(({ isFresh }) => isFresh)).toBe(false);
    for (const [piece, { at }] of calm.entries()) {
      const before = calm[piece - 1];
      if (before) expect(at).toBeCloseTo(before.at + 0.01 / before.speed, 9);
    }
    expect(Math.max(...calm.map(({ speed }) => speed))).toBeLessThan(1.003);
    // What is said is what is heard: the last piece sounds so long after it came.
    expect((calm.at(-1)?.at ?? 0) - (1 + 0.8 + (199 + 3 * 6000) * 0.01)).toBeCloseTo(0.08, 3);
  });

  test('of the delay what pieces needed in that minute is kept, and a little more', () => {
    const { schedule } = calmAfterTrouble(4, 0.07);
    expect(schedule.dropouts()).toBe(2);
    expect(schedule.delay()).toBeCloseTo(0.07 + 0.04, 2);
  });

  test('a dropout tells how long ago it was', () => {
    const { schedule } = calmAfterTrouble(3, 0);
    expect(dropoutWords(schedule.dropouts(), schedule.calmSeconds(1 + 0.8 + 2 + 180))).toBe(
      '2 dropouts, the last 3 min ago',
    );
    expect(dropoutWords(1, 30)).toBe('1 dropout, just now');
    expect(dropoutWords(0, 500)).toBe('no dropouts');
  });

  test('frames that never came make the next piece begin anew', () => {
    const schedule = makeSchedule();
    schedule.place(0, PIECE, RATE, 1);
    expect(schedule.place(3 * PIECE, PIECE, RATE, 1.03)?.isFresh).toBeTrue();
  });
});

test('what the engine sends is what the page reads, to half a step of 16 bits; louder is cut off', () => {
  const samples = Float32Array.from({ length: 2 * PIECE }, (_, at) => Math.sin(at) * 1.2);
  const turns = [{ samples, first: 2 ** 33 + 7 }];
  const follows: boolean[] = [];
  const sent: Uint8Array[] = [];
  let now = 0;
  const sender = new MasterSender({
    core: {
      followMaster: (isOn) => follows.push(isOn),
      readMaster: () => turns.shift() ?? { samples: new Float32Array(), first: 0 },
    },
    rateHz: RATE,
    now: () => now,
    send: (piece) => sent.push(piece),
  });
  sender.turn();
  expect(sent).toEqual([]);
  sender.set(true);
  sender.set(true);
  sender.turn();
  turns.push({ samples, first: 0 });
  now = 9;
  sender.turn();
  expect(sent).toHaveLength(1);
  now = 10;
  sender.turn();
  sender.set(false);
  expect(sent).toHaveLength(2);
  expect(follows).toEqual([true, false]);
  const piece = readSound((sent[0] as Uint8Array).slice().buffer);
  expect(piece).toMatchObject({ rateHz: RATE, first: 2 ** 33 + 7 });
  for (let frame = 0; frame < PIECE; frame += 1) {
    const played = Math.max(-1, Math.min(1, samples[2 * frame] ?? 0));
    expect(Math.abs((piece?.left[frame] ?? 9) - played)).toBeLessThan(0.51 / 32_767);
  }
  expect(readSound(new Uint32Array([1, 2, 3, 4, 5]).buffer)).toBeNull();
  expect(readSound(new ArrayBuffer(7))).toBeNull();
});
