/** Prints that take their time: told, cancelled, and overtaken by what else the player does. */
import { describe, expect, test } from 'bun:test';
import { EXPORT_STATE } from '../../../protocol/abi.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { JobOf } from '../../../protocol/state.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { begun, exportOf, jobOf, newest, tell as tellExport } from './export-rig.ts';
import { heardAt, loaded, pluginRig, ROOM, tell } from './plugin-rig.ts';
import type { Rig } from './rig.ts';
import { captured } from './session-rig.ts';

const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

const jobs = (rig: Rig): JobOf[] => Object.values(rig.state.jobs);

const printId = (rig: Rig): string => idOfWords(rig.core.prints.at(-1)?.id ?? []);

/** Slot 1 goes through a plug-in and is being merged with slot 0; the print goes on until it is let. */
const merging = async () => {
  const rig = pluginRig();
  const takes = [await captured(rig, 0), await captured(rig, 1), await captured(rig, 2)];
  const room = await loaded(rig, 1);
  rig.core.isPrinting = true;
  const reqId = rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
  await rig.settle();
  const end = async () => {
    rig.core.isPrinting = false;
    await rig.settle();
    return rig.answerTo(reqId);
  };
  return { rig, takes, room, reqId, end };
};

describe('a merge through plug-ins', () => {
  test('is a job that tells how far it is, and gone when it is done', async () => {
    const { end, rig } = await merging();
    const [job, ...others] = jobs(rig);
    expect(job).toMatchObject({ kind: 'merge', state: 'running', progress: 0 });
    expect(others).toEqual([]);
    await tell(rig, 'rendering', printId(rig), { value: 0.25 });
    expect(jobs(rig)[0]?.progress).toBe(0.25);
    expect(await end()).toMatchObject({ type: 'OK' });
    expect([jobs(rig), rig.content[1]]).toEqual([[], null]);
    expect(rig.errors).toEqual([]);
  });

  test('keeps nobody waiting: what was asked since has its turn', async () => {
    const { end, rig } = await merging();
    const { count } = rig.state.history;
    expect(await rig.ask({ cmd: 'CLEAR_SLOT', slot: 2 })).toMatchObject({ type: 'OK' });
    expect([rig.state.history.count, rig.content[2]]).toEqual([count + 1, null]);
    expect(await rig.ask({ cmd: 'SET_VOL', slot: 1, val: 0.5 })).toMatchObject({ type: 'OK' });
    // What it is about is as it was.
    expect(await end()).toMatchObject({ type: 'OK' });
    expect([rig.content[1], rig.content[2]]).toEqual([null, null]);
    // Clear, the mix that was heard before the merge, and the merge.
    expect(rig.state.history.count).toBe(count + 3);
  });

  test('is cancelled whole, while copies load and while they play', async () => {
    for (const isLoading of [true, false]) {
      const rig = pluginRig();
      const takes = [await captured(rig, 0), await captured(rig, 1)];
      await loaded(rig, 1);
      const { count } = rig.state.history;
      rig.core.isPrinting = true;
      rig.core.isLoading = isLoading;
      const reqId = rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
      await rig.settle();
      const [jobId = ''] = Object.keys(rig.state.jobs);
      expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId })).toMatchObject({ type: 'OK' });
      expect(rig.answerTo(reqId)).toMatchObject({ code: 4031 });
      expect(rig.core.cancelledPrints).toHaveLength(isLoading ? 0 : 1);
      expect(rig.core.unloaded).toHaveLength(1);
      expect([jobs(rig), rig.content.slice(0, 2), rig.state.history.count]).toEqual([
        [],
        takes,
        count,
      ]);
      expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId })).toMatchObject({ code: 4012 });
      // The next one is printed as ever.
      [rig.core.isPrinting, rig.core.isLoading] = [false, false];
      const again = await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
      expect(again).toMatchObject({ type: 'OK' });
    }
  });

  test('that is cancelled just as its print ends is cancelled', async () => {
    const { reqId, rig, takes } = await merging();
    const [jobId = ''] = Object.keys(rig.state.jobs);
    rig.core.isPrinting = false;
    rig.session.onEvents(rig.core.step());
    const cancelling = rig.send({ cmd: 'CANCEL_JOB', jobId });
    await rig.settle();
    expect(rig.answerTo(cancelling)).toMatchObject({ type: 'OK' });
    expect(rig.answerTo(reqId)).toMatchObject({ code: 4031 });
    expect(rig.content.slice(0, 3)).toEqual(takes);
    expect(rig.takes.get(printId(rig))?.loose).toBeTrue();
  });

  test('whose loop is long in the making can be cancelled, and holds up no other print', async () => {
    const rig = pluginRig();
    for (const slot of [0, 1]) await captured(rig, slot);
    await loaded(rig, 1);
    rig.core.isRendering = true;
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    const merge: SessionCommand = { cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 };
    const [first, second] = [rig.send(merge), rig.send(merge)];
    await rig.settle();
    const [jobId = ''] = Object.keys(rig.state.jobs);
    await rig.ask({ cmd: 'CANCEL_JOB', jobId });
    expect(rig.answerTo(first)).toMatchObject({ code: 4031 });
    expect([jobs(rig).length, rig.core.prints.length]).toEqual([1, 0]);
    // Nobody cancels the other: it is not waited for without end.
    await rig.pass(20_000);
    expect(rig.answerTo(second)).toMatchObject({ code: 2009 });
    rig.core.isRendering = false;
    await rig.settle();
    expect(await rig.ask(merge)).toMatchObject({ type: 'OK' });
  });

  const refusedAfter = async (change: (rig: Rig, room: string) => Promise<unknown>) => {
    const { end, rig, room } = await merging();
    await change(rig, room);
    const [content, { count }] = [rig.content, rig.state.history];
    expect(await end()).toMatchObject({ code: 4032 });
    expect([rig.content, rig.state.history.count, jobs(rig)]).toEqual([content, count, []]);
    // What was printed is not lost, and in no riff.
    const kept = rig.writes.findLast((each) => each.kind === 'take');
    expect(kept?.kind === 'take' && [kept.take.id, kept.take.loose]).toEqual([printId(rig), true]);
  };

  test('is refused when its loops are others by then: an UNDO', () =>
    refusedAfter(async (rig) => {
      for (let steps = 0; steps < 3; steps += 1) await rig.ask(undo);
    }));

  test('... a capture into the slot it goes to', () => refusedAfter((rig) => captured(rig, 0)));

  test('... a mute', () =>
    refusedAfter((rig) => rig.ask({ cmd: 'MUTE_SLOT', slot: 1, muted: true })));

  test('... another chain', () =>
    refusedAfter((rig, instanceId) => rig.ask({ cmd: 'UNLOAD_PLUGIN', instanceId })));

  test('... another tempo', () => refusedAfter((rig) => rig.ask({ cmd: 'SET_TEMPO', bpm: 90 })));

  test('of the same slots twice is one merge', async () => {
    const { end, rig } = await merging();
    const second = rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
    await rig.settle();
    // One print after the other.
    expect([jobs(rig).length, rig.core.prints.length]).toEqual([2, 1]);
    const { count } = rig.state.history;
    expect(await end()).toMatchObject({ type: 'OK' });
    expect(rig.answerTo(second)).toMatchObject({ code: 4032 });
    expect(rig.state.history.count).toBe(count + 1);
  });

  test('is printed anew when a plug-in is later than it said', async () => {
    const { end, rig } = await merging();
    const copy = idOfWords(rig.core.pluginLoads.at(-1)?.id ?? []);
    const first = printId(rig);
    await tell(rig, 'pluginLoaded', copy, { value: 512 });
    expect(rig.core.cancelledPrints).toEqual([first]);
    expect(rig.core.prints).toHaveLength(2);
    expect(rig.core.prints[1]?.chain).not.toEqual(rig.core.prints[0]?.chain ?? []);
    expect(await end()).toMatchObject({ type: 'OK' });
    expect([rig.takes.has(first), rig.takes.has(printId(rig))]).toEqual([false, true]);
  });
});

describe('an export through plug-ins', () => {
  const exporting = async () => {
    const rig = pluginRig();
    for (const slot of [0, 1, 2]) await captured(rig, slot);
    await loaded(rig, 1);
    await loaded(rig, 2, ROOM);
    rig.core.isPrinting = true;
    const id = await begun(rig, { riffId: rig.state.history.head });
    return { rig, id };
  };

  test('is answered at once, and tells of its prints as its first half', async () => {
    const { id, rig } = await exporting();
    expect(jobOf(rig, id)).toMatchObject({ kind: 'export', state: 'running', progress: 0 });
    expect(rig.core.exported).toEqual([]);
    await tell(rig, 'rendering', printId(rig), { value: 0.5 });
    expect(jobOf(rig, id).progress).toBe(0.125);
    rig.core.isPrinting = false;
    await rig.settle();
    expect([rig.core.prints.length, rig.core.exported.length]).toEqual([2, 1]);
    tellExport(rig, { detail: EXPORT_STATE.running, value: 0.5 });
    expect(jobOf(rig, id).progress).toBe(0.75);
    tellExport(rig, { detail: EXPORT_STATE.done, value: 1, value2: 1 });
    expect(jobOf(rig, id)).toMatchObject({ state: 'done', progress: 1 });
  });

  test('keeps what is printed in memory until the last one is', async () => {
    const { rig } = await exporting();
    const first = printId(rig);
    await rig.pass(60_000);
    expect(rig.core.keptPrints).toEqual([]);
    // Two of them: the first is there, the second takes two minutes.
    rig.core.isPrinting = false;
    rig.session.onEvents(rig.core.step());
    rig.core.isPrinting = true;
    await rig.settle();
    expect(printId(rig)).not.toBe(first);
    for (let second = 0; second < 120; second += 1) await rig.pass(1000);
    const { keptPrints } = rig.core;
    expect(keptPrints.length).toBeGreaterThanOrEqual(120 / 30);
    expect(new Set(keptPrints)).toEqual(new Set([first]));
    rig.core.isPrinting = false;
    await rig.settle();
    expect(rig.core.exported).toHaveLength(1);
    const { length } = keptPrints;
    await rig.pass(60_000);
    expect(keptPrints).toHaveLength(length);
  });

  test('is cancelled while it prints: nothing is printed or written after it', async () => {
    const { id, rig } = await exporting();
    const print = printId(rig);
    expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId: id })).toMatchObject({ type: 'OK' });
    await tell(rig, 'rendering', print, { value: 0.9 });
    expect(jobOf(rig, id)).toMatchObject({ state: 'cancelled', progress: 0 });
    expect(rig.core.cancelledPrints).toEqual([print]);
    rig.core.isPrinting = false;
    await rig.settle();
    expect([rig.core.prints.length, rig.core.exported.length]).toEqual([1, 0]);
  });

  test('holds the mix that was heard when it was asked for', async () => {
    const { rig } = await exporting();
    const { head } = rig.state.history;
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.25 });
    rig.core.isPrinting = false;
    await rig.settle();
    expect(rig.state.history.head).toBe(head);
    expect(newest(rig).parts[0]?.gainLeft).toBe(1);
    await rig.ask(exportOf({ riffId: head }));
    expect(newest(rig).parts[0]?.gainLeft).toBe(0.25);
    expect(heardAt(rig, 1)).toHaveLength(1);
  });
});
