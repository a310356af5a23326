/** TAP_TEMPO: what the taps say, and the one step that all of a series make. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { TapSeries } from '../../../server/session/time/tap-series.ts';
import { Rig } from './rig.ts';

const capture = (slot: number) =>
  ({ cmd: 'TRIGGER_SLOT', slot, quantized: true, bars: 1 }) as const;
const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;
const redo = { cmd: 'REDO', scope: 'SESSION' } as const;

describe('the taps of a series', () => {
  test('the tempo is the line through the last eight taps', () => {
    const series = new TapSeries();
    const late = [0, 9, -7, 4, 0, -3, 8, 2, -5, 1];
    let bpm: number | null = null;
    for (const [index, ms] of late.entries()) bpm = series.add(10_000 + index * 500 + ms);
    expect(Math.abs((bpm ?? 0) - 120)).toBeLessThan(0.5);
    // The ends alone would have been further off than the line.
    expect(new TapSeries().add(5)).toBeNull();
  });

  test('a tap that is no beat of the series begins another, which counts from there', () => {
    const series = new TapSeries();
    series.add(1000);
    expect(series.add(1500)).toBe(120);
    expect(series.beatsIn).toBe(1);
    expect(series.add(3501)).toBeNull();
    expect(series.beatsIn).toBe(0);
    expect(series.add(4101)).toBe(100);
  });

  test('the slowest tempo can be tapped', () => {
    const series = new TapSeries();
    series.add(0);
    expect(series.add(60_000 / LIMITS.bpmMin)).toBe(LIMITS.bpmMin);
    expect(new TapSeries().add(60_000)).toBeNull();
  });

  test('it is over when the next tap could no longer be of it', () => {
    const series = new TapSeries();
    expect(series.isOver(0)).toBe(true);
    series.add(1000);
    expect(series.isOver(1000 + 60_000 / LIMITS.bpmMin)).toBe(false);
    series.add(1500);
    expect(series.isOver(2500)).toBe(false);
    expect(series.isOver(2501)).toBe(true);
  });

  test('taps out of bounds give the nearest tempo', () => {
    const series = new TapSeries();
    series.add(0);
    expect(series.add(50)).toBe(300);
  });
});

describe('TAP_TEMPO', () => {
  test('while nothing sounds the first tap is the downbeat, the others its beats, and no riff is made', async () => {
    const rig = new Rig();
    const { count } = rig.history;
    const first = rig.core.now();
    await rig.ask({ cmd: 'TAP_TEMPO', at: first - 600 });
    rig.send({ cmd: 'TAP_TEMPO', at: first });
    await Promise.resolve();
    const kinds = rig.core.sent.flat().map(({ kind }) => kind);
    expect(kinds).toEqual([COMMAND_KIND.tempo, COMMAND_KIND.align]);
    const beats = rig.core.taken.filter(({ kind }) => kind === COMMAND_KIND.align);
    expect(beats.map(({ a }) => a)).toEqual([0, 1]);
    await rig.settle();
    expect(rig.state.transport.bpm).toBe(100);
    expect(rig.history.count).toBe(count);
  });

  test('while loops sound it is a step that UNDO takes back, and the grid stays', async () => {
    const rig = new Rig();
    await rig.ask(capture(0));
    const now = rig.core.now();
    await rig.ask({ cmd: 'TAP_TEMPO', at: now - 600 });
    rig.send({ cmd: 'TAP_TEMPO', at: now });
    await Promise.resolve();
    expect(rig.core.sent.flat().map(({ kind }) => kind)).toEqual([COMMAND_KIND.tempo]);
    await rig.settle();
    expect(rig.state.transport.bpm).toBe(100);
    await rig.ask(undo);
    expect(rig.state.transport.bpm).toBe(120);
    await rig.ask(redo);
    expect(rig.state.transport.bpm).toBe(100);
  });
});

/** Taps from `fromMs` on, one after the other; returns when the last of them was. */
const tap = async (rig: Rig, fromMs: number, gapsMs: readonly number[]): Promise<number> => {
  let at = fromMs;
  await rig.ask({ cmd: 'TAP_TEMPO', at });
  for (const gap of gapsMs) {
    at += gap;
    await rig.ask({ cmd: 'TAP_TEMPO', at });
  }
  return at;
};

const storedTempos = (rig: Rig) =>
  rig.writes.flatMap((each) =>
    each.kind === 'riff' && each.riff.cause === 'TEMPO' ? [each.riff] : [],
  );

describe('the step that taps make', () => {
  const makeRig = async () => {
    const rig = new Rig();
    await rig.ask(capture(0));
    return { rig, head: rig.history.head.id, count: rig.history.count };
  };
  const start = (rig: Rig) => rig.core.now() - 1900;

  test('is one, whatever their number: UNDO leads to before the first, REDO to after the last', async () => {
    const { rig, head, count } = await makeRig();
    await tap(rig, start(rig), [400, 450, 500, 450]);
    const { bpm } = rig.state.transport;
    expect(bpm).toBeCloseTo(60_000 / 455, 1);
    expect(rig.history.count).toBe(count + 1);
    expect(rig.state.history).toMatchObject({ undoLabel: 'Tempo 120 → 131.9', undoSlot: null });
    expect(rig.history.head).toMatchObject({ parentId: head, bpm });
    await rig.ask(undo);
    expect(rig.history.head.id).toBe(head);
    expect(rig.state.transport.bpm).toBe(120);
    await rig.ask(redo);
    expect(rig.state.transport.bpm).toBe(bpm);
    expect(rig.history.count).toBe(count + 1);
  });

  test('keeps its name while it changes, so that UNDO of it is not refused', async () => {
    const { rig, head } = await makeRig();
    const at = await tap(rig, start(rig), [400]);
    const ifHead = rig.history.head.id;
    await tap(rig, at + 450, []);
    expect(await rig.ask({ ...undo, ifHead })).toMatchObject({ type: 'OK' });
    expect(rig.history.head.id).toBe(head);
  });

  test('is stored once, as it has become, when the series is over', async () => {
    const { rig } = await makeRig();
    await tap(rig, start(rig), [400, 450, 500]);
    rig.session.tick(rig.state.system, true);
    expect(storedTempos(rig)).toEqual([]);
    rig.core.frame += 10 * 48_000;
    rig.session.tick(rig.state.system, true);
    rig.session.tick(rig.state.system, true);
    expect(storedTempos(rig)).toEqual([rig.history.head]);
  });

  test('is stored when the session ends', async () => {
    const { rig } = await makeRig();
    await tap(rig, start(rig), [400, 450]);
    rig.session.end();
    expect(storedTempos(rig)).toEqual([rig.history.head]);
  });

  test('ends with whatever follows it: a tap after that is another step', async () => {
    for (const between of [capture(1), undo, { cmd: 'SET_TEMPO', bpm: 90 } as const]) {
      const { rig, count } = await makeRig();
      const at = await tap(rig, start(rig), [400, 400]);
      expect(rig.history.count).toBe(count + 1);
      await rig.ask(between);
      const { id, bpm } = rig.history.head;
      const made = rig.history.count;
      await tap(rig, at + 410, []);
      expect(rig.history.count).toBe(made + 1);
      expect(rig.history.head.parentId).toBe(id);
      await rig.ask(undo);
      expect(rig.state.transport.bpm).toBe(bpm);
      expect(storedTempos(rig)[0]).toMatchObject({ bpm: 150 });
    }
  });

  test('of two series are two', async () => {
    const { rig, count } = await makeRig();
    const at = await tap(rig, start(rig), [400]);
    await tap(rig, at + 900, [300]);
    expect(rig.history.count).toBe(count + 2);
    await rig.ask(undo);
    expect(rig.state.transport.bpm).toBe(150);
  });

  test('holds the mixer as it was after the last of them', async () => {
    const { rig } = await makeRig();
    const at = await tap(rig, start(rig), [400]);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await tap(rig, at + 450, []);
    expect(rig.history.head.slots[0]).toMatchObject({ gain: 0.5 });
  });
});
