/** Values of plug-ins' parameters on their way: how often, and that the last one always goes. */
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../protocol/limits.ts';
import { makeHeldNotes, noteName, noteOfKey } from '../../web/input/note-keys.ts';
import { makeParamSender } from '../../web/sync/make-param-sender.ts';
import { makeRandom } from '../support/random.ts';
import { printedSeed } from '../support/seed.ts';

const makeStage = () => {
  const sent: { atMs: number; paramId: number; val: number; isLast: boolean }[] = [];
  const due: { atMs: number; run: () => void }[] = [];
  let nowMs = 0;
  const sender = makeParamSender({
    send: (paramId, val, isLast) => sent.push({ atMs: nowMs, paramId, val, isLast }),
    later(run, ms) {
      const one = { atMs: nowMs + ms, run };
      due.push(one);
      return () => void due.splice(due.indexOf(one), 1);
    },
  });
  const goTo = (ms: number) => {
    for (let next = due[0]; next && next.atMs <= ms; next = due[0]) {
      due.shift();
      nowMs = next.atMs;
      next.run();
    }
    nowMs = ms;
  };
  return { goTo, sender, sent };
};

describe('values on their way', () => {
  test('one goes at once, and of what follows the newest, in its turn', () => {
    const { goTo, sender, sent } = makeStage();
    sender.set(1, 0.1, false);
    sender.set(1, 0.2, false);
    sender.set(2, 0.9, false);
    sender.set(1, 0.3, true);
    expect(sent).toHaveLength(1);
    goTo(10 * LIMITS.paramsMs);
    expect(sent.map(({ isLast, paramId, val }) => [paramId, val, isLast])).toEqual([
      [1, 0.1, false],
      [1, 0.3, true],
      [2, 0.9, false],
    ]);
  });

  test('whatever hands do: no two closer than that, and of each the last one arrives', () => {
    const random = makeRandom(printedSeed());
    const { goTo, sender, sent } = makeStage();
    const last = new Map<number, number>();
    for (let ms = 0; ms < 20_000; ms += Math.floor(random() * 12)) {
      goTo(ms);
      const paramId = Math.floor(random() * 5);
      const val = random();
      last.set(paramId, val);
      sender.set(paramId, val, random() < 0.1);
    }
    goTo(30_000);
    const gaps = sent.slice(1).map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(LIMITS.paramsMs);
    for (const [paramId, val] of last) {
      expect(sent.findLast((one) => one.paramId === paramId)?.val).toBe(val);
    }
  });

  test('nothing is left behind when the sheet is closed', () => {
    const { goTo, sender, sent } = makeStage();
    for (const paramId of [1, 2, 3]) sender.set(paramId, 0.5, true);
    sender.flush();
    expect(sent).toHaveLength(3);
    goTo(1000);
    expect(sent).toHaveLength(3);
  });
});

describe('notes that are held', () => {
  test('whatever fingers do, each that begins ends, once', () => {
    const random = makeRandom(printedSeed());
    const on = new Set<number>();
    const held = makeHeldNotes((note, _velocity, isOn) => {
      expect(on.has(note)).toBe(!isOn);
      if (isOn) on.add(note);
      else on.delete(note);
    });
    for (let step = 0; step < 5000; step += 1) {
      const by = String(Math.floor(random() * 6));
      if (random() < 0.6) held.press(by, 55 + Math.floor(random() * 8), 0.5);
      else held.release(by);
    }
    held.releaseAll();
    expect(on.size).toBe(0);
  });

  test('no key that captures or commands plays a note', () => {
    const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
    const press = { ...plain, key: '', repeat: false, timeStamp: 0 };
    for (const code of ['KeyQ', 'KeyW', 'KeyE', 'KeyR', 'KeyT', 'KeyF', 'Space', 'Digit1']) {
      expect(noteOfKey({ ...press, code })).toBeUndefined();
    }
    expect(noteOfKey({ ...press, code: 'KeyZ' })).toBe(0);
    expect(noteOfKey({ ...press, code: 'KeyZ', ctrlKey: true })).toBeUndefined();
    // The list of keys.
    expect(noteOfKey({ ...press, code: 'Slash', shiftKey: true })).toBeUndefined();
    expect([60, 61, 71].map(noteName)).toEqual(['C4', 'C♯4', 'B4']);
  });
});
