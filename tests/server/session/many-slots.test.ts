import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import type { MixDocument } from '../../../server/session/store/write-requests.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeTake } from '../store/samples.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

const SLOTS = LIMITS.slotCountMax;
const ids = Array.from(
  { length: SLOTS },
  (_, slot) => `aaaaaaaa-0000-4000-8000-${slot.toString(16).padStart(12, '0')}`,
);
const MIXED = { gain: 0.5, pan: -1, muted: true, soloed: true } as const;

/** A session whose head has a loop in every slot, and every slot mixed. */
const full = (mix: MixDocument['slots'] = ids.map(() => ({ ...MIXED, name: '' }))) => {
  const history = new History(rootRiff('root', 0, 120));
  const takes = new Takes('/data');
  for (const takeId of ids) takes.restore(makeTake(takeId));
  const loopOf = (takeId: string) => ({
    takeId,
    bars: 4,
    lengthBeats: 16,
    originBeat: 0,
    offsetFrames: 0,
  });
  const slots = ids.map((takeId) => ({ ...MIXED, loop: loopOf(takeId) }));
  const head: Riff = { ...rootRiff('head', 0, 90), parentId: 'root', seq: 1, slots };
  history.add(head);
  const settings = { bpm: 120, meter: { beats: 4, unit: 4 }, loopBars: 4 };
  const metronome = { on: false, gainDb: 0 };
  const document = { ...settings, metronome, slots: mix };
  return new Rig({ history, takes, mix: document, slotCount: SLOTS });
};

describe('a session of as many slots as there can be', () => {
  test('comes back whole, each slot mixed', async () => {
    const rig = full();
    const { send } = rig.core;
    const gains = new Set<number>();
    rig.core.send = (commands) => {
      for (const { kind, slot } of commands) if (kind === COMMAND_KIND.slotGain) gains.add(slot);
      return send.call(rig.core, commands);
    };
    rig.session.start();
    await rig.settle();
    expect(rig.unrestored).toEqual([]);
    expect(rig.content).toEqual(ids);
    expect(gains.size).toBe(SLOTS);
  });

  test('a mix the core refuses costs no loop', async () => {
    const rig = full();
    const { send } = rig.core;
    rig.core.send = (commands) =>
      commands.some(({ kind }) => kind === COMMAND_KIND.slotPan)
        ? 2006
        : send.call(rig.core, commands);
    rig.session.start();
    await rig.settle();
    expect(rig.unrestored).toContain(2006);
    expect(rig.content).toEqual(ids);
  });

  test.each(['now', 'bar'] as const)('is recalled with everything in it, %s', async (when) => {
    const rig = full([]);
    rig.history.moveTo('root');
    rig.core.frame = 10 * BAR_FRAMES + BAR_FRAMES / 2;
    expect(await rig.ask({ cmd: 'RECALL_RIFF', riffId: 'head', when })).toMatchObject({
      type: 'OK',
    });
    rig.core.frame = 11 * BAR_FRAMES;
    await rig.settle();
    expect(rig.content).toEqual(ids);
    expect(rig.state.slots.every((slot) => slot.volume === 0.5 && slot.soloed)).toBeTrue();
    expect(rig.state.transport.bpm).toBe(90);
    expect(rig.state.history.head).toBe('head');
  });

  test('a recall whose loops are refused says so and keeps the head', async () => {
    const rig = full([]);
    rig.history.moveTo('root');
    const { send } = rig.core;
    rig.core.send = (commands) =>
      commands.some(({ kind }) => kind === COMMAND_KIND.slotSet)
        ? 2009
        : send.call(rig.core, commands);
    const recall = { cmd: 'RECALL_RIFF', riffId: 'head', when: 'now' } as const;
    expect(await rig.ask(recall)).toMatchObject({ type: 'ERROR', code: 2009 });
    expect(rig.history.head.id).toBe('root');
    expect(await rig.ask({ cmd: 'RENAME_SLOT', slot: 0, name: 'on' })).toMatchObject({
      type: 'OK',
    });
  });
});
