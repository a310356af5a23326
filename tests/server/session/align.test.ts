/** ALIGN_GRID: where the beat is, while what sounds stays. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { barFracOf, isSamePlace, movedBy } from '../../../server/session/riffs/grid-place.ts';
import { at } from '../../support/at.ts';
import { makeRandom } from '../../support/random.ts';
import { printedSeed } from '../../support/seed.ts';
import { Rig } from './rig.ts';
import { BEAT_FRAMES } from './core-event.ts';

/** Sends, settles, and returns the records that set slots meanwhile. */
const setsOf = async (rig: Rig, command: Parameters<Rig['send']>[0]) => {
  const before = rig.core.taken.length;
  await rig.ask(command);
  return rig.core.taken
    .slice(before)
    .filter(({ kind }) => kind === COMMAND_KIND.slotSet)
    .map(({ slot, a, b, c, id }) => ({
      slot,
      start: a * BEAT_FRAMES + c,
      beats: b,
      id: id.join(),
    }));
};

const capture = (slot: number) =>
  ({ cmd: 'TRIGGER_SLOT', slot, quantized: true, bars: 1 }) as const;

/** In the order in which they were captured. */
const takesOf = (rig: Rig) => rig.writes.flatMap((w) => (w.kind === 'riff' ? w.takes : []));

describe('ALIGN_GRID', () => {
  test('moves no stored loop: UNDO and REDO across it touch only what they change', async () => {
    const rig = new Rig();
    await rig.ask(capture(0));
    await rig.ask(capture(1));
    await rig.ask({ cmd: 'ALIGN_GRID' });
    // The beats came 7,200 frames sooner, so the loop lies 7,200 frames later in its beat.
    const undone = await setsOf(rig, { cmd: 'UNDO', scope: 'SESSION' });
    expect(undone.map(({ slot }) => slot)).toEqual([1]);
    const redone = await setsOf(rig, { cmd: 'REDO', scope: 'SESSION' });
    expect(redone.map(({ slot }) => slot)).toEqual([1]);
    const take = at(takesOf(rig), 1);
    expect(redone[0]?.start).toBe(take.originBeat * BEAT_FRAMES + take.offsetFrames + 7200);
  });

  test('riffs of before and after keep their places through any number of alignments', async () => {
    const rig = new Rig();
    const random = makeRandom(printedSeed());
    const places = new Map<string, number>();
    for (let round = 0; round < 12; round += 1) {
      await rig.ask(capture(round % 3));
      const take = at(takesOf(rig), round);
      places.set(wordsOfId(take.id).join(), take.originBeat * BEAT_FRAMES + take.offsetFrames);
      rig.core.alignFrames = -Math.floor(random() * BEAT_FRAMES);
      await rig.ask({ cmd: 'ALIGN_GRID' });
      for (const [id, place] of places) places.set(id, place - rig.core.alignFrames);
    }
    let checked = 0;
    for (let step = 0; step < 12; step += 1) {
      for (const { beats, id, start } of await setsOf(rig, { cmd: 'UNDO', scope: 'SESSION' })) {
        if (beats === 0) continue;
        const apart = start - (places.get(id) ?? Number.NaN);
        expect(Math.abs(apart % (beats * BEAT_FRAMES))).toBe(0);
        checked += 1;
      }
    }
    expect(checked).toBe(9);
  });

  test('a riff of after it is recalled with its bars on the bars', async () => {
    const rig = new Rig();
    await rig.ask(capture(0));
    await rig.ask({ cmd: 'ALIGN_GRID' });
    await rig.ask(capture(1));
    const riff = rig.history.head;
    expect(riff.barFrac).toBeCloseTo(0.7, 9);
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 1 });
    const [old, fresh] = await setsOf(rig, {
      cmd: 'RECALL_RIFF',
      riffId: riff.id,
      when: 'bar',
    });
    const { framesPerBeat } = at(takesOf(rig), 1);
    expect((fresh?.start ?? 1) % framesPerBeat).toBe(0);
    expect(((old?.start ?? 0) - (fresh?.start ?? 0) + 40 * BEAT_FRAMES) % BEAT_FRAMES).toBe(7200);
  });

  test('the store learns the new place of the grid', async () => {
    const rig = new Rig({ gridShift: 8 });
    await rig.ask({ cmd: 'ALIGN_GRID' });
    expect(rig.writes.findLast(({ kind }) => kind === 'gridShift')).toMatchObject({
      gridShift: 8.3,
    });
  });

  test('the time of the press travels with it', async () => {
    const rig = new Rig();
    rig.send({ cmd: 'ALIGN_GRID', at: rig.core.now() - 40 });
    await Promise.resolve();
    const record = rig.core.sent.flat().find(({ kind }) => kind === COMMAND_KIND.align);
    expect(record?.atMs).toBe(rig.core.now() - 40);
  });
});

describe('places', () => {
  const loop = { takeId: 't', bars: 1, lengthBeats: 4, originBeat: 3, offsetFrames: 10 };

  test('a loop that was moved and moved back is the same; one frame off is not', () => {
    const moved = movedBy(movedBy(loop, 5.25, 24_000), -5.25, 24_000);
    expect(isSamePlace(loop, moved, 24_000)).toBe(true);
    expect(isSamePlace(loop, { ...moved, originBeat: moved.originBeat + 8 }, 24_000)).toBe(true);
    expect(isSamePlace(loop, { ...loop, offsetFrames: 11 }, 24_000)).toBe(false);
  });

  test('a whole shift needs nothing kept', () => {
    expect(barFracOf(7)).toBe(0);
    expect(barFracOf(0.1 + 0.2 - 0.3 - 4)).toBe(0);
    expect(barFracOf(-3.25)).toBeCloseTo(0.25, 12);
  });
});
