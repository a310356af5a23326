/** What the session tells the core of the hand that pressed, and of how late sound is. */
import { expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { latencyStep } from '../../../server/session/latency.ts';
import { Rig } from './rig.ts';

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
