/** A capture of a slot, found in shared memory after a crash: what becomes of it. */
import { describe, expect, test } from 'bun:test';
import { EVENT_FLAGS, EVENT_KIND } from '../../../protocol/abi.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { makeTake } from '../store/samples.ts';
import { partsOf, sounding } from './derived-rig.ts';
import { BAR_FRAMES, makeEvent } from './core-event.ts';
import { id, started } from './stored-session.ts';

describe('a capture found in shared memory', () => {
  const event = makeEvent({
    kind: EVENT_KIND.captured,
    slot: 5,
    id: wordsOfId(id('9')),
    fromFrame: 6 * BAR_FRAMES,
    toFrame: 10 * BAR_FRAMES,
    originBeat: 24,
    lengthBeats: 16,
    value: 4,
    flags: EVENT_FLAGS.recovered,
  });

  test('becomes a riff and plays when the spool holds it', async () => {
    const { rig } = await started({ gridShift: 0 });
    await rig.settle();
    rig.session.onEvents([event]);
    await rig.settle();
    expect(rig.state.history.count).toBe(2);
    rig.spool(id('9'));
    await rig.settle();
    expect(rig.state.slots[5]).toMatchObject({
      state: 'PLAYING',
      takeId: id('9'),
      saved: true,
      originBeat: 24,
    });
    expect(rig.state.history).toMatchObject({ count: 3, undoLabel: '4 bars into 6' });
    expect(rig.takes.get(id('9'))?.recovered).toBeTrue();
  });

  test('whose file the core told of first keeps that file', async () => {
    const { rig } = await started();
    await rig.settle();
    rig.session.onEvents([
      event,
      makeEvent({
        kind: EVENT_KIND.takeFile,
        id: event.id,
        sha: [1, 2, 3, 4, 5, 6, 7, 8],
        value: 9,
      }),
    ]);
    await rig.settle();
    expect(rig.content[5]).toBe(id('9'));
    expect(rig.writes).toMatchObject([{ kind: 'riff', files: [{ takeId: id('9'), bytes: 9 }] }]);
  });

  const over = makeEvent({
    ...event,
    slot: 0,
    id: wordsOfId(id('8')),
    flags: EVENT_FLAGS.recovered | EVENT_FLAGS.overdub,
  });

  test('that was to join what its slot plays does so, as one loop with it; else it replaces', async () => {
    for (const isOver of [true, false]) {
      const { rig } = await started({ gridShift: 0 });
      await rig.settle();
      const below = rig.content[0];
      rig.session.onEvents([isOver ? over : { ...over, flags: EVENT_FLAGS.recovered }]);
      rig.spool(id('8'));
      await rig.settle();
      const made = rig.content[0] ?? '';
      const layers = rig.takes.get(made)?.recipe?.layers ?? [];
      expect(rig.takes.get(id('8'))?.recovered).toBeTrue();
      expect(sounding(rig, 0)).toBe(made);
      if (isOver) {
        expect(layers.map(({ gainLeft, takeId }) => [takeId, gainLeft])).toEqual([
          [below ?? '', 0.95],
          [id('8'), 1],
        ]);
        expect(partsOf(rig, made).map((part) => part.id)).toEqual([below ?? '', id('8')]);
        expect(rig.state.history.undoLabel).toBe('4 bars over 1');
      } else {
        expect(made).toBe(id('8'));
        expect(rig.state.history.undoLabel).toBe('4 bars into 1');
      }
      await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
      expect(rig.content[0]).toBe(below ?? '');
    }
  });

  test('into a slot that plays nothing, it plays alone', async () => {
    const { rig } = await started();
    await rig.settle();
    rig.session.onEvents([{ ...over, slot: 5 }]);
    rig.spool(id('8'));
    await rig.settle();
    expect(rig.content[5]).toBe(id('8'));
    expect(rig.state.history.undoLabel).toBe('4 bars into 6');
  });

  test('waits for an earlier one of its slot, which it joins, and not for one that is lost', async () => {
    for (const isLost of [false, true]) {
      const { rig } = await started({ gridShift: 0 });
      await rig.settle();
      const below = rig.content[0] ?? '';
      const first = { ...event, slot: 0 };
      rig.session.onEvents([first, over]);
      rig.spool(id('8'));
      await rig.settle();
      expect(rig.content[0]).toBe(below);
      if (isLost) {
        rig.session.onEvents([makeEvent({ kind: EVENT_KIND.notice, code: 1002, id: first.id })]);
      } else {
        rig.spool(id('9'));
      }
      await rig.settle();
      const layers = rig.takes.get(rig.content[0] ?? '')?.recipe?.layers ?? [];
      expect(layers.map(({ takeId }) => takeId)).toEqual([isLost ? below : id('9'), id('8')]);
    }
  });

  test('that the store has already is left alone', async () => {
    const { rig } = await started();
    rig.takes.restore(makeTake(id('9')));
    await rig.settle();
    rig.session.onEvents([event]);
    rig.spool(id('9'));
    await rig.settle();
    expect(rig.state.history.count).toBe(2);
    expect(rig.content[5]).toBeNull();
  });

  test('and cannot be read is in the history, and its slot says why it is silent', async () => {
    const { rig } = await started();
    await rig.settle();
    rig.core.unreadable.add(wordsOfId(id('9')).join());
    rig.session.onEvents([event]);
    rig.spool(id('9'));
    await rig.settle();
    expect(rig.content[5]).toBeNull();
    expect(rig.state.alerts['2010:5']).toBeDefined();
    expect(rig.history.head.slots[5]?.loop?.takeId).toBe(id('9'));
  });
});
