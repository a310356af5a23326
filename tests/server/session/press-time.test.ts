/** What the session tells the core of the hand that pressed, and of how late sound is. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { latencyStep } from '../../../server/session/latency.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './scripted-core.ts';

test('the time of the press travels with the capture; without one it is left to the core', async () => {
  const rig = new Rig();
  rig.session.start();
  await rig.settle();
  const at = rig.core.now() - 30;
  rig.send({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, at });
  rig.send({ cmd: 'TRIGGER_SLOT', slot: 1, quantized: true });
  const sent = rig.core.sent.flat().filter(({ kind }) => kind === COMMAND_KIND.capture);
  expect(sent.map(({ atMs }) => atMs)).toEqual([at]);
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
    state: { devices: { name: 'x' } },
    apply: (event: unknown) => shown.push(event),
  };
  const step = latencyStep(context as never, { frames: 480, outputFrames: 96 });
  expect(step.record).toMatchObject({ a: 480, b: 96 });
  step.applied?.({} as never);
  expect(shown).toEqual([
    { t: 'devices', devices: { name: 'x', latencyMs: 10, outputLatencyMs: 2 } },
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
