/** The session's part in letting the past go: what it knows to be needed, and who comes too late. */
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import type { StoreReader } from '../../../server/session/store/client.ts';
import type { StoreRead } from '../../../server/session/store/port.ts';
import { begun, exportOf } from './export-rig.ts';
import { tellGrid } from './grid-rig.ts';
import { reach } from './past-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

const RUN = 'f'.repeat(32);
const storage = {
  pastBytes: 5,
  pastSeconds: 7,
  pastSinceMs: 9,
  takesBytes: 11,
  freeBytes: 13,
  diskBytes: 17,
};

const segment = (bar: number, runId = RUN) => ({
  runId,
  path: `/data/spool/${runId}/${bar}`,
  fromFrame: bar * BAR_FRAMES,
  toFrame: (bar + 1) * BAR_FRAMES,
  bytes: 1,
  device: 1,
  ageSeconds: 1,
  isHidden: false,
});

/** A store that answers a look with these segments, and a removal when it is told to. */
const makeRig = (doomed: readonly ReturnType<typeof segment>[]) => {
  const asked: StoreRead[] = [];
  const waiting: ((value: number) => void)[] = [];
  const read = ((request: StoreRead): Promise<unknown> => {
    asked.push(request);
    if (request.kind === 'spoolUse') return Promise.resolve({ storage, doomed });
    return new Promise<number>((resolve) => waiting.push(resolve));
  }) as StoreReader['read'];
  const rig = new Rig({ read });
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) rig.session.tick(rig.state.system, true);
    await rig.settle();
  };
  const of = <Kind extends StoreRead['kind']>(kind: Kind) =>
    asked.filter((each): each is Extract<StoreRead, { kind: Kind }> => each.kind === kind);
  return { rig, seconds, of, removed: () => waiting.shift()?.(1) };
};

describe('the past', () => {
  test('is looked at soon after the start and once a minute; its figures are in the state', async () => {
    const { of, rig, seconds } = makeRig([]);
    await seconds(10);
    expect(of('spoolUse')).toHaveLength(1);
    expect(rig.state.storage).toEqual(storage);
    await seconds(LIMITS.pastSweepSeconds);
    expect(of('spoolUse')).toHaveLength(2);
    expect(of('forget')).toEqual([]);
  });

  test('takes without files, with a bar around them, and running exports are told as needed', async () => {
    const { of, rig, seconds } = makeRig([]);
    tellGrid(rig, { fromFrame: 0 });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true });
    await begun(rig, { bars: 1 });
    await seconds(10);
    expect(of('spoolUse')[0]).toMatchObject({
      runId: RUN,
      newestFrame: rig.core.frame,
      pins: [
        { runId: RUN, fromFrame: 7 * BAR_FRAMES, toFrame: 11 * BAR_FRAMES },
        { runId: RUN, fromFrame: 9 * BAR_FRAMES, toFrame: 10 * BAR_FRAMES },
      ],
    });
  });

  test('what came to be needed since the look stays; the rest goes', async () => {
    const { of, rig, seconds } = makeRig([segment(1), segment(8), segment(3)]);
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true });
    await seconds(10);
    expect(of('forget')).toEqual([
      { kind: 'forget', runId: RUN, segments: [segment(1), segment(3)] },
    ]);
  });

  test('bars that are going can be reached for no more; others can, and those after it again', async () => {
    const { removed, rig, seconds } = makeRig([segment(3)]);
    tellGrid(rig, { fromFrame: 0 });
    await seconds(10);
    expect(await rig.ask(reach(0, 2))).toMatchObject({ code: 4011 });
    expect(rig.core.kept).toEqual([]);
    expect(await rig.ask(reach(0, 4))).toMatchObject({ type: 'OK' });
    removed();
    await rig.settle();
    expect(await rig.ask(reach(0, 2))).toMatchObject({ type: 'OK' });
  });

  test('nor can they be exported while they go', async () => {
    const { removed, rig, seconds } = makeRig([segment(3)]);
    const bars = (fromBar: number, toBar: number) =>
      exportOf({ fromFrame: fromBar * BAR_FRAMES, toFrame: toBar * BAR_FRAMES });
    tellGrid(rig, { fromFrame: 0 });
    await seconds(10);
    expect(await rig.ask(bars(2, 5))).toMatchObject({ code: 4011 });
    expect(await rig.ask(bars(4, 5))).toMatchObject({ type: 'OK' });
    removed();
    await rig.settle();
    expect(await rig.ask(bars(2, 5))).toMatchObject({ type: 'OK' });
  });

  test('a store that fails is asked again in its time', async () => {
    let asked = 0;
    const read = (() => {
      asked += 1;
      return Promise.reject(new Error('no disk'));
    }) as StoreReader['read'];
    const rig = new Rig({ read });
    for (let minute = 0; minute < 3; minute += 1) {
      for (let s = 0; s < LIMITS.pastSweepSeconds; s += 1) rig.session.tick(rig.state.system, true);
      await rig.settle();
    }
    expect(asked).toBe(3);
    expect(rig.errors).toEqual([]);
  });
});
