/** Loops that go through plug-ins, merged and exported: what is heard of them is printed first. */
import { describe, expect, test } from 'bun:test';
import { HOST_STATE, PRINT_FLAGS } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { BEAT_FRAMES } from './core-event.ts';
import { begun, newest } from './export-rig.ts';
import { partsOf, sounding } from './derived-rig.ts';
import { heardAt, loaded, pluginRig, ROOM, tell } from './plugin-rig.ts';
import type { Rig } from './rig.ts';
import { captured } from './session-rig.ts';

const merge = (rig: Rig, from: number[], to: number) => rig.ask({ cmd: 'MERGE_SLOTS', from, to });

const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

describe('MERGE_SLOTS', () => {
  test('prints what is heard through copies that nobody hears, and is one step', async () => {
    const rig = pluginRig();
    const [plain, through] = [await captured(rig, 0), await captured(rig, 1)];
    const room = await loaded(rig, 1);
    const { count } = rig.state.history;
    expect(await merge(rig, [0, 1], 0)).toMatchObject({ type: 'OK' });
    const [order, ...others] = rig.core.prints;
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      loop: wordsOfId(through),
      flags: PRINT_FLAGS.kept,
      framesPerBeat: BEAT_FRAMES,
      beat: rig.takes.get(through)?.originBeat,
      beatsPerBar: 4,
      unit: 4,
    });
    // A copy with the same settings, in a process of its own, and gone again.
    const [original, copy] = rig.core.pluginLoads;
    const copyId = idOfWords(copy?.id ?? []);
    expect(copy?.bundle).toBe(original?.bundle ?? '');
    expect(copy?.group).not.toBe(original?.group ?? '');
    expect(rig.core.chainsMade.at(-1)?.plugins.map(idOfWords)).toEqual([copyId]);
    expect(idOfWords(copy?.like ?? [])).toBe(room);
    expect(original?.like).toBeUndefined();
    expect(rig.core.unloaded).toEqual([copyId]);
    expect(Object.keys(rig.state.plugins)).toEqual([room]);
    // What was printed is a layer of the result.
    const printId = idOfWords(order?.id ?? []);
    expect(partsOf(rig, sounding(rig, 0)).map(({ id }) => id)).toEqual([plain, printId]);
    expect(rig.takes.get(printId)).toMatchObject({ source: LIMITS.printSource, bars: 4 });
    expect([rig.content[1], heardAt(rig, 1)]).toEqual([null, [room]]);
    expect(rig.state.history.count).toBe(count + 1);
    const riff = rig.writes.findLast((each) => each.kind === 'riff');
    expect(riff?.kind === 'riff' && riff.takes.map(({ id }) => id)).toContain(printId);
    await rig.ask(undo);
    expect([rig.content[0], rig.content[1]]).toEqual([plain, through]);
    expect(heardAt(rig, 1)).toEqual([room]);
    expect(rig.errors).toEqual([]);
  });

  test('the result goes through no plug-in of its slot; UNDO brings the chain back', async () => {
    const rig = pluginRig();
    for (const slot of [0, 1]) await captured(rig, slot);
    const room = await loaded(rig, 0);
    expect(await merge(rig, [0, 1], 0)).toMatchObject({ type: 'OK' });
    expect([heardAt(rig, 0), rig.state.slots[0]?.pluginChain]).toEqual([[], []]);
    await rig.ask(undo);
    expect([heardAt(rig, 0), rig.state.slots[0]?.pluginChain]).toEqual([[room], [room]]);
  });

  test('asks only of the plug-ins of those that are heard', async () => {
    const rig = pluginRig();
    for (const slot of [0, 1, 2]) await captured(rig, slot);
    const [one, two] = [await loaded(rig, 1), await loaded(rig, 2)];
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 1, muted: true });
    expect(await merge(rig, [0, 1], 2)).toMatchObject({ type: 'OK' });
    expect(rig.core.prints).toEqual([]);
    expect([heardAt(rig, 1), heardAt(rig, 2)]).toEqual([[one], []]);
    await rig.ask(undo);
    expect([heardAt(rig, 1), heardAt(rig, 2)]).toEqual([[one], [two]]);
  });

  test('is refused whole when a copy does not load, or is not heard', async () => {
    const rig = pluginRig();
    for (const slot of [0, 1]) await captured(rig, slot);
    await loaded(rig, 1);
    const { count } = rig.state.history;
    rig.core.printCode = 4027;
    expect(await merge(rig, [0, 1], 0)).toMatchObject({ code: 4027 });
    rig.core.printCode = 0;
    rig.core.loadedCode = 3005;
    expect(await merge(rig, [0, 1], 0)).toMatchObject({ code: 4027 });
    expect([rig.state.history.count, rig.state.alerts]).toEqual([count, {}]);
    rig.core.loadedCode = 0;
    rig.core.isLoading = true;
    const reqId = rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    await rig.settle();
    await rig.pass(12_000);
    expect(rig.answerTo(reqId)).toMatchObject({ code: 4027 });
    expect(rig.content.slice(0, 2)).not.toContain(null);
  });

  test('waits for a copy whose process was lost while it was loaded', async () => {
    const rig = pluginRig();
    for (const slot of [0, 1]) await captured(rig, slot);
    await loaded(rig, 1);
    rig.core.isLoading = true;
    const reqId = rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    await rig.settle();
    const copy = idOfWords(rig.core.pluginLoads.at(-1)?.id ?? []);
    await tell(rig, 'pluginHost', copy, { detail: HOST_STATE.lost, code: 3001 });
    rig.core.isLoading = false;
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.state.alerts).toEqual({});
  });
});

test('an export has what plug-ins make of its loops, and says which it has not', async () => {
  const rig = pluginRig();
  for (const slot of [0, 1]) await captured(rig, slot);
  await loaded(rig, 1);
  await loaded(rig, 5, ROOM);
  await begun(rig, { riffId: rig.state.history.head });
  const [order] = rig.core.prints;
  expect(order?.flags).toBe(0);
  expect(newest(rig).said['withoutPlugins']).toEqual([]);
  const ids = rig.core.exported.at(-1)?.parts.map(({ id }) => idOfWords(id));
  expect(ids?.[1]).toBe(idOfWords(order?.id ?? []));
  rig.core.printCode = 4027;
  await begun(rig, { riffId: rig.state.history.head });
  expect(newest(rig).said['withoutPlugins']).toEqual([2]);
  const dry = rig.core.exported.at(-1)?.parts.map(({ id }) => idOfWords(id));
  expect(dry).toEqual([rig.content[0] ?? '', rig.content[1] ?? '']);
});
