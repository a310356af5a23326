/** What is kept beside a take that went through the plug-ins of the input, and RESTORE_TAKE of it. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_KIND, RANGE_FLAGS, TAKE_ORIGIN } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { LinkQueryResult } from '../../../protocol/link.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { makeEvent } from './core-event.ts';
import { capture, redo, sounding, undo, watch } from './derived-rig.ts';
import { loaded, offer, pluginRig, SYNTH } from './plugin-rig.ts';
import { adjust, rangeOf } from './past-rig.ts';
import type { Rig } from './rig.ts';
import { makeStore } from './session-store.ts';

const { code: NO_DRY } = ERRORS.ERR_NO_DRY_SIDE;

const dry = (slot: number, takeId: string) =>
  ({ cmd: 'RESTORE_TAKE', slot, takeId, which: 'dry' }) as const;
const wet = (slot: number, takeId: string) =>
  ({ cmd: 'RESTORE_TAKE', slot, takeId, which: 'wet' }) as const;

const infoOf = (rig: Rig, takeId: string) => {
  rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'take', takeId } });
  const told = rig.emitted.findLast((each) => each.t === 'result');
  const result = told?.t === 'result' ? (told.result as LinkQueryResult) : null;
  if (result?.kind !== 'take' || !result.take) throw new Error(`no take ${takeId}`);
  return result.take;
};

const rowOf = (rig: Rig, takeId: string) =>
  rig.state.history.newest.flatMap(({ slots }) => slots).find((each) => each.takeId === takeId);

const dryWrites = (rig: Rig) => rig.writes.flatMap((each) => (each.kind === 'dry' ? [each] : []));

/** A take of slot 0 that went through a plug-in. */
const begun = async (rig = pluginRig()) => {
  await loaded(rig, 'input');
  const takeId = await capture(rig, 0, 2);
  return { rig, takeId };
};

describe('a take that went through plug-ins', () => {
  test('has its dry side kept on the same frames, and told when it has a file', async () => {
    const rig = pluginRig();
    rig.core.hasDry = null;
    const { takeId } = await begun(rig);
    const take = rig.takes.get(takeId);
    expect(rig.core.asides).toMatchObject([
      {
        flags: RANGE_FLAGS.aside,
        sourceIndex: LIMITS.drySource,
        fromFrame: take?.fromFrame,
        toFrame: take?.toFrame,
        barFrames: 96_000,
      },
    ]);
    expect([rowOf(rig, takeId)?.dryTakeId, infoOf(rig, takeId).dryTakeId]).toEqual([
      undefined,
      null,
    ]);
    expect(dryWrites(rig)).toEqual([]);
    expect(await rig.ask(dry(0, takeId))).toMatchObject({ code: NO_DRY });
    rig.core.hasDry = true;
    await rig.settle();
    const dryId = idOfWords(rig.core.asides[0]?.id ?? []);
    expect(rowOf(rig, takeId)?.dryTakeId).toBe(dryId);
    expect(infoOf(rig, takeId)).toMatchObject({ dryTakeId: dryId, source: 0, notes: [] });
    expect(infoOf(rig, dryId)).toMatchObject({
      source: LIMITS.drySource,
      dryTakeId: null,
      location: { kind: 'file' },
    });
    const files = [{ takeId: dryId, part: 'window' }];
    expect(dryWrites(rig)).toMatchObject([
      { takeId, take: { id: dryId, bars: 2 }, notes: [], files },
    ]);
    // Behind the row of its take.
    const kinds = rig.writes.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('riff')).toBeLessThan(kinds.indexOf('dry'));
  });

  test('RESTORE_TAKE chooses: one step, UNDO and REDO go between the two', async () => {
    const { rig, takeId } = await begun();
    const dryId = infoOf(rig, takeId).dryTakeId ?? '';
    const seen = watch(rig);
    expect(await rig.ask(dry(0, takeId))).toMatchObject({ type: 'OK' });
    const { originBeat } = rig.takes.get(takeId) ?? {};
    expect(seen).toMatchObject([
      { kind: COMMAND_KIND.slotSet, slot: 0, a: originBeat, b: 8, id: wordsOfId(dryId) },
    ]);
    expect(rig.state.history).toMatchObject({
      undoLabel: '2 bars without effects back in 1',
      undoSlot: 0,
    });
    expect(rig.state.slots[0]).toMatchObject({ takeId: dryId, saved: true });
    await rig.ask(undo);
    expect(sounding(rig, 0)).toBe(takeId);
    await rig.ask(redo);
    expect(sounding(rig, 0)).toBe(dryId);
    // Back as it was heard, also when that is not said.
    await rig.ask(wet(0, takeId));
    expect(sounding(rig, 0)).toBe(takeId);
    const { count } = rig.state.history;
    await rig.ask({ cmd: 'RESTORE_TAKE', slot: 0, takeId });
    expect(rig.state.history.count).toBe(count);
    await rig.ask(dry(3, takeId));
    expect([sounding(rig, 0), sounding(rig, 3)]).toEqual([takeId, dryId]);
  });

  test('its dry side is read out of its own files alone, and looked for in those of others', async () => {
    const { rig, takeId } = await begun();
    const dryId = infoOf(rig, takeId).dryTakeId ?? '';
    await rig.ask(dry(0, takeId));
    expect(rig.core.loaded.filter(({ id }) => idOfWords(id) === dryId)).toMatchObject([
      { origin: TAKE_ORIGIN.file, rollsPath: '' },
    ]);
    await rig.ask(adjust(0, { bars: 1 }));
    expect(rangeOf(rig)).toMatchObject({ flags: 0, sourceIndex: LIMITS.drySource });
    expect(rangeOf(rig)?.takePath).toContain('/data/audio/');
  });

  test('what was damaged is so on both sides', async () => {
    const { rig, takeId } = await begun();
    const { fromFrame, toFrame } = infoOf(rig, takeId);
    const dryId = infoOf(rig, takeId).dryTakeId ?? '';
    const hurt = makeEvent({ kind: EVENT_KIND.damaged, fromFrame, toFrame: toFrame - 1 });
    rig.session.onEvents([hurt]);
    expect([infoOf(rig, takeId).tainted, infoOf(rig, dryId).tainted]).toEqual([true, true]);
  });

  test('a dry side that is moved off the damage is whole, and one that keeps it is not', async () => {
    for (const isLast of [false, true]) {
      const { rig, takeId } = await begun();
      const { fromFrame, toFrame } = infoOf(rig, takeId);
      const frame = isLast ? toFrame - 1 : fromFrame;
      const told = { fromFrame: frame, toFrame: frame + 1 };
      rig.session.onEvents([makeEvent({ kind: EVENT_KIND.damaged, ...told })]);
      await rig.ask(dry(0, takeId));
      expect(rig.state.slots[0]).toMatchObject({ tainted: true });
      expect(await rig.ask(adjust(0, { bars: 1 }))).toMatchObject({ type: 'OK' });
      expect(rig.state.slots[0]).toMatchObject({ tainted: isLast });
    }
  });
});

describe('has none', () => {
  test('without a chain: nobody is asked', async () => {
    const rig = pluginRig();
    const takeId = await capture(rig, 0, 2);
    expect(rig.core.asides).toEqual([]);
    expect(await rig.ask(dry(0, takeId))).toMatchObject({ code: NO_DRY });
    expect(await rig.ask(wet(0, takeId))).toMatchObject({ type: 'OK' });
  });

  test('where the plug-ins changed nothing; after their removal the core still knows', async () => {
    const rig = pluginRig();
    rig.core.hasDry = false;
    const { takeId } = await begun(rig);
    expect(infoOf(rig, takeId).dryTakeId).toBeNull();
    expect(await rig.ask(dry(0, takeId))).toMatchObject({ code: NO_DRY });
    await rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: rig.state.inputChain[0] ?? '' });
    rig.core.hasDry = true;
    const next = await capture(rig, 1, 2);
    expect(infoOf(rig, next).dryTakeId).not.toBeNull();
  });

  test('of another source, and of a take nobody knows', async () => {
    const rig = pluginRig({
      sources: [
        { name: 'All', monitor: false },
        { name: 'Pair', monitor: false },
      ],
    });
    await loaded(rig, 'input');
    const command = { cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true, source: 1 } as const;
    expect(await rig.ask(command)).toMatchObject({ type: 'OK' });
    expect(rig.core.asides).toEqual([]);
    const unknown = '00000000-0000-4000-8000-00000000ffff';
    expect(await rig.ask(dry(0, unknown))).toMatchObject({ code: 4008 });
  });
});

test('keys of the input’s instruments lie where they are heard; those of others are not in it', async () => {
  const rig = pluginRig();
  rig.core.isInstrument = true;
  const [synth, other] = [await loaded(rig, 'input', SYNTH), await loaded(rig, 3, SYNTH)];
  const late = rig.state.devices.blockFrames + 96;
  const start = rig.core.frame;
  const key = async (instanceId: string, note: number, on: boolean, at: number) => {
    rig.core.frame = start + at;
    await rig.ask({ cmd: 'NOTE', instanceId, note, velocity: 0.5, on });
  };
  await key(synth, 60, true, 10);
  await key(synth, 61, true, 100_000);
  await key(other, 62, true, 100_010);
  await key(synth, 61, false, 150_000);
  rig.core.frame = start + 200_000;
  const takeId = await capture(rig, 0, 2);
  const { fromFrame, notes } = infoOf(rig, takeId);
  const on = { instanceId: synth, velocity: 0.5, on: true };
  const placeOf = (at: number) => start + at + late - fromFrame;
  expect(placeOf(100_000)).toBeGreaterThan(0);
  expect(placeOf(10)).toBeLessThan(0);
  expect(notes).toEqual([
    { ...on, frame: 0, note: 60 },
    { ...on, frame: placeOf(100_000), note: 61 },
    { ...on, frame: placeOf(150_000), note: 61, on: false },
  ]);
});

test('another start finds it, with its keys, and restores it', async () => {
  const store = makeStore();
  try {
    const first = store.begun();
    offer(first);
    first.core.isInstrument = true;
    const synth = await loaded(first, 'input', SYNTH);
    await first.ask({ cmd: 'NOTE', instanceId: synth, note: 60, velocity: 1, on: true });
    const takeId = await capture(first, 0, 2);
    // Whoever reads has written before.
    first.session.onMessage({ t: 'query', id: 2, query: { kind: 'sessions', limit: 1 } });
    await first.settle();
    const before = infoOf(first, takeId);
    const rig = store.makeRig(await store.left());
    expect(before.notes).toHaveLength(1);
    expect(infoOf(rig, takeId)).toMatchObject({
      dryTakeId: before.dryTakeId,
      notes: before.notes,
    });
    expect(rowOf(rig, takeId)?.dryTakeId).toBe(before.dryTakeId ?? '');
    expect(await rig.ask(dry(0, takeId))).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]).toMatchObject({ takeId: before.dryTakeId, saved: true });
    expect(() => store.db.run('DELETE FROM dry_side')).toThrow('written once');
  } finally {
    store.end();
  }
});
