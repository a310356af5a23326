import { describe, expect, test } from 'bun:test';
import { EVENT_FLAGS, EVENT_KIND } from '../../../protocol/abi.ts';
import type { AppState } from '../../../protocol/state.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { mixOf } from '../../../server/session/state/initial-state.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { Rig } from './rig.ts';
import { makeEvent } from './core-event.ts';

const tell = (rig: Rig, event: Parameters<typeof makeEvent>[0]) =>
  rig.session.onEvents([makeEvent(event)]);
const notices = (rig: Rig) =>
  rig.emitted.flatMap((each) =>
    each.t === 'notice' && each.message.type === 'NOTICE' ? [each.message.code] : [],
  );
const system: AppState['system'] = {
  cpuLoad: 0.1,
  audioLoad: 0.2,
  diskBufferUsage: 0,
  memoryUsageMB: 5,
  xruns: 1,
  gapFrames: 0,
  isSecondFolder: false,
};

describe('what the core reports by itself', () => {
  test('a dropout is one toast and a counted alert that ends after ten quiet seconds', () => {
    const rig = new Rig();
    for (let count = 0; count < 3; count += 1) tell(rig, { kind: EVENT_KIND.xrun });
    expect(notices(rig)).toEqual([2001]);
    expect(rig.state.alerts['2001']).toMatchObject({ count: 3 });
    rig.core.frame += 9 * 48_000;
    rig.session.tick(system, true);
    expect(rig.state.alerts['2001']).toBeDefined();
    rig.core.frame += 2 * 48_000;
    rig.session.tick(system, true);
    expect(rig.state.alerts).toEqual({});
  });

  test('a full disk stays an alert until it is over', () => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.disk, detail: 2 });
    expect(notices(rig)).toEqual([1002]);
    expect(rig.state.alerts['1002']).toMatchObject({ code: 1002 });
    tell(rig, { kind: EVENT_KIND.disk, detail: 0 });
    expect(rig.state.alerts).toEqual({});
  });

  test('a disk with little space left is one toast and an alert until there is more', () => {
    const rig = new Rig();
    for (let count = 0; count < 2; count += 1) tell(rig, { kind: EVENT_KIND.disk, value: 1 });
    expect(notices(rig)).toEqual([1001]);
    expect(rig.state.alerts).toEqual({ '1001': expect.objectContaining({ code: 1001, count: 1 }) });
    tell(rig, { kind: EVENT_KIND.disk, detail: 2, value: 1 });
    expect(Object.keys(rig.state.alerts)).toEqual(['1001', '1002']);
    tell(rig, { kind: EVENT_KIND.disk, value: 1 });
    expect(Object.keys(rig.state.alerts)).toEqual(['1001']);
    tell(rig, { kind: EVENT_KIND.disk });
    expect(rig.state.alerts).toEqual({});
  });

  test('a slow disk is one toast and an alert until it is fast again, or worse', () => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.disk, detail: 1 });
    expect(notices(rig)).toEqual([1004]);
    expect(Object.keys(rig.state.alerts)).toEqual(['1004']);
    tell(rig, { kind: EVENT_KIND.disk, detail: 2 });
    expect(Object.keys(rig.state.alerts)).toEqual(['1002']);
    tell(rig, { kind: EVENT_KIND.disk });
    expect(rig.state.alerts).toEqual({});
  });

  test('a gap that the disk made is told, one that a restart made is not told twice', () => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.gap, fromFrame: 5, toFrame: 9, detail: 3 });
    expect(notices(rig)).toEqual([]);
    tell(rig, { kind: EVENT_KIND.gap, fromFrame: 5, toFrame: 9, detail: 1 });
    expect(notices(rig)).toEqual([1005]);
    expect(rig.state.alerts['1005']).toMatchObject({ count: 1 });
  });

  test('a hole of the output file is told, and is over when there is no more of it', () => {
    const rig = new Rig();
    const hole = { kind: EVENT_KIND.notice, code: 2024, fromFrame: 5, toFrame: 9, value: 4 };
    tell(rig, hole);
    tell(rig, hole);
    expect(notices(rig)).toEqual([2024]);
    expect(rig.state.alerts['2024']).toMatchObject({ count: 2 });
  });

  test('a gap of an engine before goes to the store again, and is told when that is news', () => {
    const rig = new Rig();
    const old = { kind: EVENT_KIND.gap, detail: 1, flags: EVENT_FLAGS.recovered } as const;
    const gap = { kind: 'gap', runId: 'f'.repeat(32), reason: 1 };
    tell(rig, { ...old, fromFrame: 5, toFrame: 9 });
    expect(notices(rig)).toEqual([1005]);
    tell(rig, { ...old, fromFrame: 5, toFrame: 9 });
    expect(notices(rig)).toEqual([1005]);
    expect(rig.state.alerts['1005']).toMatchObject({ count: 1 });
    tell(rig, { ...old, fromFrame: 90_000, toFrame: 90_009 });
    expect(rig.state.alerts['1005']).toMatchObject({ count: 2 });
    expect(rig.writes).toMatchObject([
      { ...gap, fromFrame: 5, toFrame: 9 },
      { ...gap, fromFrame: 5, toFrame: 9 },
      { ...gap, fromFrame: 90_000, toFrame: 90_009 },
    ]);
  });

  test.each([2002, 2022, 2023])('condition %i of the device likewise', (code) => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.device, detail: 0, code });
    expect(rig.state.alerts[`${code}`]).toBeDefined();
    expect(notices(rig)).toEqual([code]);
    tell(rig, { kind: EVENT_KIND.device, detail: 1, code });
    expect(rig.state.alerts).toEqual({});
  });

  test('a gap, a segment and its end go to the store, not behind a take that waits', async () => {
    const rig = new Rig({ isDiskInstant: false });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false });
    tell(rig, { kind: EVENT_KIND.gap, fromFrame: 5, toFrame: 9, detail: 2 });
    tell(rig, { kind: EVENT_KIND.segment, fromFrame: 7 });
    tell(rig, { kind: EVENT_KIND.segmentClosed, fromFrame: 7, toFrame: 70, value: 99 });
    const runId = 'f'.repeat(32);
    expect(rig.writes).toEqual([
      { kind: 'gap', runId, fromFrame: 5, toFrame: 9, reason: 2 },
      { kind: 'segment', runId, firstFrame: 7, toFrame: null, crc: null },
      { kind: 'segment', runId, firstFrame: 7, toFrame: 70, crc: 99 },
    ]);
  });

  test('a low notice passes, a critical one stays', () => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.notice, code: 2011 });
    tell(rig, { kind: EVENT_KIND.notice, code: 1002 });
    expect(notices(rig)).toEqual([2011, 1002]);
    expect(Object.keys(rig.state.alerts)).toEqual(['1002']);
  });

  test('a take file is known to whoever asks for the take, and makes a take durable by itself', async () => {
    const rig = new Rig({ isDiskInstant: false });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false });
    const takeId = rig.content[0] ?? '';
    const ask = () => {
      rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'take', takeId } });
      const last = rig.emitted.at(-1);
      return last?.t === 'result' && last.result.kind === 'take' ? last.result.take : null;
    };
    expect(ask()).toMatchObject({ saved: false, sha256: null, location: { kind: 'spool' } });
    tell(rig, {
      kind: EVENT_KIND.takeFile,
      id: wordsOfId(takeId),
      sha: [1, 2, 3, 4, 5, 6, 7, 255],
      value: 60,
    });
    await rig.settle();
    const sha256 =
      '0000000100000002000000030000000400000005000000060000000700000000'.slice(0, 56) + '000000ff';
    expect(ask()).toMatchObject({
      saved: true,
      sha256,
      location: { kind: 'file', path: `/data/audio/${sha256}.wav` },
    });
    expect(rig.writes).toMatchObject([{ kind: 'riff', files: [{ takeId, sha256 }] }]);
  });

  test('an event that goes wrong does not take the ones after it along', () => {
    const takes = new Takes('/data');
    takes.setFile = () => {
      throw new Error('broken');
    };
    const rig = new Rig({ takes });
    rig.session.onEvents([
      makeEvent({ kind: EVENT_KIND.takeFile }),
      makeEvent({ kind: EVENT_KIND.xrun }),
    ]);
    expect(rig.errors).toEqual([new Error('broken')]);
    expect(rig.state.alerts['2001']).toBeDefined();
  });

  test('files of takes nobody knows are not written down', () => {
    const rig = new Rig();
    tell(rig, { kind: EVENT_KIND.takeFile, id: [1, 2, 3, 4], sha: [1, 2, 3, 4, 5, 6, 7, 8] });
    expect(rig.writes).toEqual([]);
  });
});

describe('beside commands', () => {
  test('PING is answered with the time of the engine', () => {
    const rig = new Rig();
    rig.session.onMessage({ t: 'ping', clientId: 'c', t0: 5, reqId: 'x' });
    expect(rig.emitted).toEqual([
      { t: 'pong', clientId: 'c', t0: 5, t1: rig.core.now(), reqId: 'x' },
    ]);
  });

  test('clients come, go, and are gone with their gateway', () => {
    const rig = new Rig();
    for (const clientId of ['a', 'b', '__proto__']) {
      rig.session.onMessage({ t: 'client', clientId, joined: true, address: '::1' });
    }
    expect(Object.keys(rig.state.clients)).toEqual(['a', 'b']);
    rig.session.onMessage({ t: 'client', clientId: 'a', joined: false, address: '::1' });
    expect(Object.keys(rig.state.clients)).toEqual(['b']);
    rig.session.onLinkDown();
    expect(rig.state.clients).toEqual({});
  });

  test('a resync and pages of riffs', async () => {
    const rig = new Rig();
    rig.session.onMessage({ t: 'resync' });
    expect(rig.emitted.at(-1)).toMatchObject({ t: 'full', epoch: 'epoch' });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false });
    rig.session.onMessage({ t: 'query', id: 7, query: { kind: 'riffs', limit: 1 } });
    expect(rig.emitted.at(-1)).toMatchObject({
      t: 'result',
      id: 7,
      result: { kind: 'riffs', items: [{ seq: 1 }], next: rig.history.head.id },
    });
  });

  test('a transport that stands still although nobody asked is shown within a second', () => {
    const rig = new Rig();
    rig.session.tick(system, false);
    expect(rig.state.transport.isPlaying).toBeFalse();
    expect(rig.state.system).toEqual(system);
  });

  test('the mixer is written behind, once, and not when nothing changed', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.4 });
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.5 });
    expect(rig.writes).toEqual([]);
    rig.session.end();
    rig.session.end();
    expect(rig.writes).toMatchObject([
      { kind: 'mix', mix: { slots: [{ gain: 0.5 }, {}, {}, {}, {}, {}, {}, {}] } },
    ]);
  });

  test('the mixer that a step was heard with is written before it', async () => {
    const rig = new Rig();
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.4 });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 1, bars: 1, quantized: false });
    expect(rig.writes.find(({ kind }) => kind === 'mix')).toMatchObject({
      mix: { slots: [{ gain: 0.4 }, {}, {}, {}, {}, {}, {}, {}] },
    });
  });

  test('slots that this start does not have keep their names and their mix', async () => {
    const slots = [1, 2, 3].map((slot) => ({
      gain: slot / 10,
      pan: 0,
      muted: true,
      soloed: false,
      name: `slot ${slot}`,
    }));
    const rig = new Rig({ slotCount: 2, mix: { ...mixOf(new Rig().state), slots } });
    rig.session.end();
    expect(rig.writes).toEqual([]);
    await rig.ask({ cmd: 'RENAME_SLOT', slot: 0, name: 'bass' });
    rig.session.end();
    expect(rig.writes).toMatchObject([
      { kind: 'mix', mix: { slots: [{ ...slots[0], name: 'bass' }, slots[1], slots[2]] } },
    ]);
  });
});
