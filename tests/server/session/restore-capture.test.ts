/** A press for any slot, found in shared memory after a crash: it never takes a slot that plays. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_FLAGS, EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { capture, partsOf, redo, undo, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES, makeEvent } from './core-event.ts';

const SLOTS = 8;
const takeId = 'aaaaaaaa-0000-4000-8000-000000000009';

/** One past the last slot: wherever there is room. */
const found = makeEvent({
  kind: EVENT_KIND.captured,
  slot: SLOTS,
  id: wordsOfId(takeId),
  fromFrame: 6 * BAR_FRAMES,
  toFrame: 10 * BAR_FRAMES,
  originBeat: 24,
  lengthBeats: 16,
  value: 4,
  flags: EVENT_FLAGS.recovered,
});

const recover = async (rig: Rig) => {
  rig.session.onEvents([found]);
  rig.spool(takeId);
  await rig.settle();
};

const fullRig = async () => {
  const rig = new Rig({ slotCount: SLOTS });
  const takes: string[] = [];
  for (let count = 0; count < SLOTS; count += 1) takes.push(await capture(rig, 'auto'));
  return { rig, takes };
};

const notices = (rig: Rig) =>
  rig.emitted.flatMap((each) =>
    each.t === 'notice' && 'code' in each.message ? [each.message.code] : [],
  );

/** It is no loop now, and no step was lost: REDO and RESTORE_TAKE have it. */
const expectAside = async (rig: Rig, takes: readonly string[], head: string) => {
  expect(rig.content).toEqual([...takes]);
  expect(rig.state.history.head).toBe(head);
  expect(notices(rig)).toEqual([ERRORS.ERR_CAPTURE_ASIDE.code]);
  expect(rig.takes.isSaved(takeId)).toBeTrue();
  await rig.ask(redo);
  expect(rig.content).toEqual([takeId, ...takes.slice(1)]);
  await rig.ask(undo);
  expect(rig.content).toEqual([...takes]);
  await rig.ask({ cmd: 'RESTORE_TAKE', slot: 3, takeId });
  expect(rig.content[3]).toBe(takeId);
};

describe('a capture for any slot, found after a crash', () => {
  test('plays in the first slot that is empty', async () => {
    const rig = new Rig({ slotCount: SLOTS });
    const takes = [await capture(rig, 0), await capture(rig, 2)];
    await recover(rig);
    expect(rig.content.slice(0, 3)).toEqual([takes[0] ?? '', takeId, takes[1] ?? '']);
    expect(notices(rig)).toEqual([]);
  });

  test('when all play, two become one as the press meant, in one step', async () => {
    const { rig, takes } = await fullRig();
    const { count } = rig.state.history;
    await recover(rig);
    const merged = rig.content[0] ?? '';
    expect(rig.content).toEqual([merged, takeId, ...takes.slice(2)]);
    expect(partsOf(rig, merged).map(({ id }) => id)).toEqual(takes.slice(0, 2));
    expect(rig.state.history.count).toBe(count + 1);
    await rig.ask(undo);
    expect(rig.content).toEqual(takes);
  });

  test('when nothing may be merged it stands aside and says so', async () => {
    const { rig, takes } = await fullRig();
    for (let slot = 0; slot < SLOTS; slot += 1) {
      await rig.ask({ cmd: 'MUTE_SLOT', slot, muted: true });
    }
    const { head } = rig.state.history;
    const seen = watch(rig);
    await recover(rig);
    expect(seen.filter(({ kind }) => kind === COMMAND_KIND.slotSet)).toEqual([]);
    await expectAside(rig, takes, head);
  });

  test('when the merge cannot be made it stands aside and says so', async () => {
    const { rig, takes } = await fullRig();
    const { head } = rig.state.history;
    rig.core.failsRenders = true;
    await recover(rig);
    await expectAside(rig, takes, head);
  });
});

describe('a capture for a slot, found after a crash', () => {
  const recoverInto = async (pressedIn: string) => {
    const rig = new Rig({ slotCount: SLOTS, pressedIn: new Map([[takeId, pressedIn]]) });
    const before = await capture(rig, 1);
    rig.session.onEvents([{ ...found, slot: 1 }]);
    rig.spool(takeId);
    await rig.settle();
    return { rig, before };
  };

  test('plays there in the session in which it was pressed', async () => {
    const { rig } = await recoverInto('session');
    expect(rig.content[1]).toBe(takeId);
    expect(notices(rig)).toEqual([]);
  });

  test('of another session takes no slot of this one, and is a step that REDO brings in', async () => {
    const { before, rig } = await recoverInto('another');
    expect(rig.content[1]).toBe(before);
    expect(notices(rig)).toEqual([ERRORS.ERR_CAPTURE_ASIDE.code]);
    await rig.ask(redo);
    expect(rig.content[0]).toBe(takeId);
  });
});

describe('a capture that was still recording when the engine died', () => {
  const cutAt = (frame: number) => ({ ...found, kind: EVENT_KIND.cancelled, slot: 1, frame });

  test('leaves what was played as a take, and says so; the slot is as it was', async () => {
    const rig = new Rig({ slotCount: SLOTS });
    const before = await capture(rig, 1);
    rig.session.onEvents([cutAt(7 * BAR_FRAMES)]);
    await rig.settle();
    expect(rig.takes.get(takeId)).toMatchObject({
      fromFrame: 6 * BAR_FRAMES,
      toFrame: 7 * BAR_FRAMES,
      bars: 1,
      recovered: true,
      loose: true,
    });
    expect(rig.writes.filter(({ kind }) => kind === 'take')).toHaveLength(1);
    expect(rig.content[1]).toBe(before);
    expect(notices(rig)).toEqual([ERRORS.ERR_CAPTURE_CUT.code]);
  });

  test('of which nothing was heard yet is nothing', async () => {
    const rig = new Rig({ slotCount: SLOTS });
    rig.session.onEvents([cutAt(6 * BAR_FRAMES)]);
    await rig.settle();
    expect([rig.takes.has(takeId), notices(rig)]).toEqual([false, []]);
  });
});
