/** What the session tells the core of the hand that pressed, and of how late sound is. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { CoreCommand } from '../../../server/session/core/port.ts';
import { latencyStep } from '../../../server/session/time/latency.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';
import { capture, press } from './derived-rig.ts';

test('the time of the press travels with the capture; without one it is left to the core', async () => {
  const rig = new Rig();
  rig.session.start();
  await rig.settle();
  const at = rig.core.now() - 30;
  rig.send({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, at });
  rig.send({ cmd: 'TRIGGER_SLOT', slot: 1, quantized: true });
  // The second waits for its turn and is noted meanwhile, as of the moment it came.
  const sent = rig.core.sent.flat().filter(({ kind }) => kind === COMMAND_KIND.capture);
  const isNote = ({ flags }: CoreCommand) => (flags & COMMAND_FLAGS.note) !== 0;
  expect(sent.map((record) => [record.atMs, isNote(record)])).toEqual([
    [at, false],
    [rig.core.now(), true],
  ]);
  await rig.settle();
  expect(rig.state.slots[1]?.takeId).not.toBeNull();
});

test('a press of more than two seconds ago is refused', async () => {
  const rig = new Rig();
  const answer = await rig.ask({
    cmd: 'TRIGGER_SLOT',
    slot: 0,
    quantized: true,
    at: rig.core.now() - 2001,
  });
  expect(answer).toMatchObject({ type: 'ERROR', code: 5012 });
});

test('a new core is told how late sound is', async () => {
  const rig = new Rig();
  rig.session.start();
  const told = rig.core.sent.flat().filter(({ kind }) => kind === COMMAND_KIND.latency);
  expect(told.map(({ a, b }) => [a, b])).toEqual([[0, 0]]);
});

test('latency is sent in frames and shown in ms', () => {
  const shown: unknown[] = [];
  const context = {
    rateHz: 48_000,
    state: { devices: { name: 'x', trimMs: 1 } },
    apply: (event: unknown) => shown.push(event),
  };
  const step = latencyStep(context as never, { frames: 480, outputFrames: 96 });
  expect(step.record).toMatchObject({ a: 528, b: 96 });
  step.applied?.({} as never);
  expect(shown).toEqual([
    {
      t: 'devices',
      devices: { name: 'x', latencyMs: 10, isMeasured: true, outputLatencyMs: 2, trimMs: 1 },
    },
  ]);
});

test('a quantized mute and solo carry the time of the hand, which decides about their line', async () => {
  const rig = new Rig();
  const at = rig.core.now() - 30;
  rig.send({ cmd: 'MUTE_SLOT', slot: 0, muted: true, quantized: true, at });
  rig.send({ cmd: 'SOLO_SLOT', slot: 0, soloed: true, quantized: true, at });
  const sent = rig.core.sent.flat();
  expect(sent.map(({ kind, atMs }) => [kind, atMs])).toEqual([
    [COMMAND_KIND.slotMute, at],
    [COMMAND_KIND.slotSolo, at],
  ]);
  await rig.settle();
});

describe('a recall on the bar lands on the line that the hand meant', () => {
  const early = 24_000;
  const cases = [
    // Frames from the line to the press, then to the message, then whether it waits.
    [early, 0, false],
    [early + 48, 0, true],
    [early, 4800, false],
    [early + 48, 4800, true],
    [-480, 960, false],
  ] as const;
  test.each(cases)(
    'pressed %i behind it, heard of %i later: waits %p',
    async (into, late, waits) => {
      const rig = new Rig();
      const { head } = rig.state.history;
      await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 });
      const pressed = 20 * BAR_FRAMES + into;
      rig.core.frame = pressed + late;
      await rig.ask({ cmd: 'RECALL_RIFF', riffId: head, when: 'bar', at: pressed / 48 });
      expect(rig.state.slots[0]?.pending?.atFrame).toBe(waits ? 21 * BAR_FRAMES : undefined);
      expect(rig.content[0] === null).toBe(!waits);
    },
  );
});

describe('a press that waits for its turn', () => {
  const isMade = ({ flags, kind }: CoreCommand) =>
    kind === COMMAND_KIND.capture && (flags & COMMAND_FLAGS.note) === 0;

  test('is noted at once; its capture carries the frame the core said, and the same take', async () => {
    const rig = new Rig();
    for (const slot of [0, 1]) await capture(rig, slot);
    rig.core.isRendering = true;
    rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    const atMs = rig.core.now();
    const pressing = rig.send(press(5));
    rig.core.frame += 5 * BAR_FRAMES;
    await rig.settle();
    const note = rig.core.taken.at(-1);
    expect(note).toMatchObject({ slot: 5, atMs, a: 4, flags: 2 | COMMAND_FLAGS.note });
    rig.core.frame += 5 * BAR_FRAMES;
    rig.core.isRendering = false;
    await rig.settle();
    const made = rig.core.taken.findLast(isMade);
    expect(made).toMatchObject({ slot: 5, atMs, c: Math.round(atMs * 48), id: note?.id ?? [] });
    expect(rig.answerTo(pressing)).toMatchObject({ result: { pressFrame: made?.c ?? NaN } });
  });

  test('that is refused in its turn is called off in the core', async () => {
    const rig = new Rig();
    for (let count = 0; count < 8; count += 1) await capture(rig, 'auto');
    rig.core.isRendering = true;
    rig.core.failsRenders = true;
    const pressing = rig.send(press('auto'));
    await rig.settle();
    const note = rig.core.taken.at(-1);
    expect(note).toMatchObject({ slot: 8 });
    rig.core.isRendering = false;
    await rig.settle();
    expect(rig.answerTo(pressing)).toMatchObject({ type: 'ERROR', code: 2009 });
    expect(rig.core.taken.at(-1)).toMatchObject({
      kind: COMMAND_KIND.slotCancel,
      id: note?.id ?? [],
    });
  });

  test('an alignment waits with its frame, too', async () => {
    const rig = new Rig();
    for (const slot of [0, 1]) await capture(rig, slot);
    rig.core.isRendering = true;
    rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    const frame = rig.core.frame;
    rig.send({ cmd: 'ALIGN_GRID' });
    rig.core.frame += 5 * BAR_FRAMES;
    await rig.settle();
    rig.core.isRendering = false;
    await rig.settle();
    expect(rig.core.taken.findLast(({ kind }) => kind === COMMAND_KIND.align)?.c).toBe(frame);
  });
});
