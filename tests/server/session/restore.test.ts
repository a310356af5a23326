import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_FLAGS, EVENT_KIND } from '../../../protocol/abi.ts';
import type { CoreCommand } from '../../../server/session/core-port.ts';
import { History } from '../../../server/session/history.ts';
import { wordsOfId } from '../../../server/session/ids.ts';
import { mixOf } from '../../../server/session/initial-state.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { barZero, EMPTY_SLOT, type Riff } from '../../../server/session/riff.ts';
import { Takes } from '../../../server/session/takes.ts';
import { makeTake, RUN_ID } from '../store/samples.ts';
import { partsOf, sounding } from './derived-rig.ts';
import { Rig, type RigOptions } from './rig.ts';
import { BAR_FRAMES, makeEvent, RATE_HZ } from './scripted-core.ts';

const id = (last: string) => `aaaaaaaa-0000-4000-8000-${last.padStart(12, '0')}`;

/** A stored head with loops in slots 0 and 3, begun at session beats 40 and 52. */
const stored = (): { history: History; takes: Takes; head: Riff } => {
  const history = new History(rootRiff('root', 0, 120));
  const takes = new Takes('/data');
  const loopAt = (takeId: string, originBeat: number) => ({
    ...EMPTY_SLOT,
    loop: { takeId, bars: 4, lengthBeats: 16, originBeat, offsetFrames: 0 },
  });
  const slots = [loopAt(id('1'), 41), EMPTY_SLOT, EMPTY_SLOT, loopAt(id('3'), 52)];
  const head: Riff = {
    ...rootRiff('head', 0, 120),
    parentId: 'root',
    seq: 1,
    cause: 'CAPTURE',
    slots,
  };
  history.add(head);
  for (const takeId of [id('1'), id('3')]) takes.restore(makeTake(takeId));
  return { history, takes, head };
};

const started = async (more: RigOptions = {}) => {
  const session = stored();
  const rig = new Rig({ ...session, gridShift: -barZero(session.head), ...more });
  const groups: CoreCommand[][] = [];
  const { send } = rig.core;
  rig.core.send = (commands) => {
    groups.push([...commands]);
    return send.call(rig.core, commands);
  };
  rig.session.start();
  return { rig, groups };
};

describe('on start', () => {
  test('the loops of the head riff play in one group, in their places, its first bar at beat 0', async () => {
    const { rig, groups } = await started();
    await rig.settle();
    const sets = (groups.at(-1) ?? []).filter(({ kind }) => kind === COMMAND_KIND.slotSet);
    expect(sets.map(({ slot, a, id: words }) => [slot, a, words])).toEqual([
      [0, 1, wordsOfId(id('1'))],
      [3, 12, wordsOfId(id('3'))],
    ]);
    expect(rig.content).toEqual([id('1'), null, null, id('3'), null, null, null, null]);
    expect(rig.state.slots[0]).toMatchObject({ state: 'PLAYING', saved: true, originBeat: 1 });
    expect(rig.state.history.head).toBe('head');
    expect(rig.writes).toEqual([]);
  });

  test('after a crash the grid goes on, and so do the loops', async () => {
    const { rig } = await started({ gridShift: 7 });
    await rig.settle();
    expect(rig.state.slots.map((slot) => slot.originBeat).slice(0, 4)).toEqual([48, 0, 0, 59]);
  });

  test('mixer and settings are as they were left, in the state and in the core', async () => {
    const other = new Rig();
    await other.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    await other.ask({ cmd: 'SET_PAN', slot: 1, val: 1 });
    await other.ask({ cmd: 'MUTE_SLOT', slot: 2, muted: true });
    await other.ask({ cmd: 'SOLO_SLOT', slot: 3, soloed: true });
    await other.ask({ cmd: 'RENAME_SLOT', slot: 3, name: 'Bass' });
    await other.ask({ cmd: 'SET_METER', beats: 3, unit: 4 });
    await other.ask({ cmd: 'SET_LOOP_BARS', bars: 8 });
    await other.ask({ cmd: 'SET_INPUT', source: 0, gainDb: -6, monitor: true });
    const { rig, groups } = await started({ mix: mixOf(other.state) });
    await rig.settle();
    expect(mixOf(rig.state)).toEqual(mixOf(other.state));
    expect(rig.state.slots.map((slot) => slot.audible).slice(0, 4)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const sent = new Set(groups.flat().map(({ kind, slot }) => `${kind}:${slot}`));
    const { input, meter, slotGain, slotMute, slotPan, slotSolo } = COMMAND_KIND;
    for (const each of [
      `${slotGain}:0`,
      `${slotPan}:1`,
      `${slotMute}:2`,
      `${slotSolo}:3`,
      `${meter}:0`,
      `${input}:0`,
    ]) {
      expect(sent).toContain(each);
    }
  });

  test('a take that cannot be read leaves its slot empty and marked, the others play', async () => {
    const { rig } = await started();
    rig.core.unreadable.add(wordsOfId(id('1')).join());
    await rig.settle();
    expect(rig.content.slice(0, 4)).toEqual([null, null, null, id('3')]);
    expect(rig.state.alerts['2010:0']).toMatchObject({ code: 2010, slot: 0 });
  });

  test('a core that refuses it all is said aloud, and the session goes on', async () => {
    const session = stored();
    const rig = new Rig(session);
    rig.core.sendCode = 2006;
    rig.session.start();
    await rig.settle();
    expect(rig.unrestored).toEqual([2006, 2006]);
    expect(rig.state.alerts['2006']).toBeDefined();
    rig.core.sendCode = 0;
    expect(await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 })).toMatchObject({ type: 'OK' });
    rig.core.frame += 11 * RATE_HZ;
    rig.session.tick(rig.state.system, true);
    expect(rig.state.alerts).toEqual({});
  });

  test('commands that come early wait for the loops', async () => {
    const { rig } = await started();
    const reqId = rig.send({ cmd: 'CLEAR_SLOT', slot: 3 });
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.content.slice(0, 4)).toEqual([id('1'), null, null, null]);
  });

  test('a take is tried in its file first, then in the spool', async () => {
    const session = stored();
    session.takes.setFile({
      takeId: id('1'),
      part: 'window',
      sha256: 'ab',
      bytes: 1,
      preFrames: 0,
    });
    // What was played before it is in the spool alone, and the seam needs that.
    expect(session.takes.sources(id('1')).map(({ origin }) => origin)).toEqual([1, 0]);
    session.takes.setFile({
      takeId: id('1'),
      part: 'rolls',
      sha256: 'cd',
      bytes: 1,
      preFrames: 96,
    });
    expect(
      session.takes
        .sources(id('1'))
        .map(({ origin, path, preFrames, rollsPath }) => [origin, path, preFrames, rollsPath]),
    ).toEqual([
      [0, '/data/audio/ab.wav', 96, '/data/audio/cd.wav'],
      [1, `/data/spool/${RUN_ID}`, 0, ''],
    ]);
    const rig = new Rig(session);
    const tried: number[] = [];
    rig.core.loadTake = (source) => {
      tried.push(source.origin);
      return source.origin === 0 ? 2010 : 0;
    };
    rig.session.start();
    await rig.settle();
    expect(tried).toEqual([0, 1, 1]);
  });
});

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
    expect(rig.writes.map((write) => write.kind)).toEqual(['riff', 'takeFile']);
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
