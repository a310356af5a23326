import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { FlowZoneConfig } from '../../../server/config.ts';
import { deviceChoices, sourcesOf } from '../../../server/engine/device.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { mixOf } from '../../../server/session/state/initial-state.ts';
import type { MixDocument } from '../../../server/session/store/write-requests.ts';
import { at } from '../../support/at.ts';
import { RUN_ID } from '../store/samples.ts';
import { Rig } from './rig.ts';
import { RATE_HZ } from './core-event.ts';
import { id, started, stored } from './stored-session.ts';

const CARD = at(
  deviceChoices({ device: 'jack', isRestart: false, safe: null } as FlowZoneConfig),
  0,
);

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

  test('which pairs are heard comes back with the card they were chosen for, and with no other', async () => {
    const sources = sourcesOf(CARD, 4);
    const chosen = new Rig({ deviceName: 'jack-1', sources });
    await chosen.ask({ cmd: 'SET_INPUT', source: 1, monitor: false });
    await chosen.ask({ cmd: 'SET_INPUT', source: 3, monitor: true });
    const afterwards = async (deviceName: string, mix: MixDocument) => {
      const { rig, groups } = await started({ deviceName, sources, mix });
      await rig.settle();
      const told = groups.flat().filter(({ kind, slot }) => kind === COMMAND_KIND.input && slot);
      const heard = rig.state.sources.slice(1).map(({ monitor }) => monitor);
      expect(told.map(({ flags }) => flags === COMMAND_FLAGS.on)).toEqual(heard);
      await rig.ask({ cmd: 'SET_INPUT', source: 0, gainDb: -3 });
      rig.session.end();
      return {
        heard,
        mix: at(
          rig.writes.filter((write) => write.kind === 'mix'),
          0,
        ).mix,
      };
    };
    const other = await afterwards('jack-2', mixOf(chosen.state));
    expect(other.heard).toEqual([true, false, false]);
    expect((await afterwards('jack-1', other.mix)).heard).toEqual([false, false, true]);
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
      // What the spool holds has to be what went into the file.
      [1, `/data/spool/${RUN_ID}`, 0, '/data/audio/ab.wav'],
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
