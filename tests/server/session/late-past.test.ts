/** What a past take leaves behind that was fetched and not played. */
import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { undo } from './derived-rig.ts';
import { makeRig } from './grid-rig.ts';
import { rangeOf, reach } from './past-rig.ts';
import type { Rig } from './rig.ts';
import { BAR_FRAMES, makeEvent } from './core-event.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const makeStage = async () => {
  const rig = makeRig();
  rig.core.frame = 50 * BAR_FRAMES;
  const reqId = rig.send(reach(0, 20, 2));
  await Promise.resolve();
  const words = rangeOf(rig)?.id ?? [];
  return { rig, reqId, takeId: idOfWords(words), words };
};

/** The core is still looking for the frames when nobody waits any more. */
const makeLate = async () => {
  const stage = await makeStage();
  const late = stage.rig.core.keeps.splice(0);
  jest.advanceTimersByTime(1001);
  await stage.rig.settle();
  expect(stage.rig.answerTo(stage.reqId)).toMatchObject({ type: 'ERROR', code: 2009 });
  return { ...stage, late };
};

const looseOf = (rig: Rig) =>
  rig.writes.flatMap((write) => (write.kind === 'take' ? [write.take] : []));
const filesOf = (rig: Rig) =>
  rig.writes.flatMap((write) => (write.kind === 'takeFile' ? [write.file.takeId] : []));
const fileTold = (rig: Rig, id: readonly number[]) =>
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND.takeFile, id, value: 9 })]);

describe('damage that is told while frames of the past are fetched', () => {
  const tellDamage = (rig: Rig, fromFrame: number, sourceIndex = 0) =>
    rig.session.onEvents([
      makeEvent({ kind: EVENT_KIND.damaged, fromFrame, toFrame: fromFrame + 1, sourceIndex }),
    ]);

  test.each([
    ['the first frame', 20 * BAR_FRAMES, 0, true],
    ['the last frame', 22 * BAR_FRAMES - 1, 0, true],
    ['the frame after', 22 * BAR_FRAMES, 0, false],
    ['another source', 20 * BAR_FRAMES, 1, false],
  ])('%s: the loop that plays knows', async (_, frame, source, isMarked) => {
    const { reqId, rig, takeId } = await makeStage();
    expect(rig.takes.begun(takeId)).toBeDefined();
    tellDamage(rig, frame, source);
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect(rig.state.slots[0]).toMatchObject({ takeId, tainted: isMarked });
    const riff = rig.writes.findLast((write) => write.kind === 'riff');
    expect(riff).toMatchObject({ takes: [{ id: takeId, tainted: isMarked }] });
  });

  test('and so does what came too late to play', async () => {
    const { late, rig, words } = await makeLate();
    tellDamage(rig, 20 * BAR_FRAMES);
    rig.core.keeps.push(...late);
    fileTold(rig, words);
    await rig.settle();
    expect(looseOf(rig)).toMatchObject([{ tainted: true }]);
  });
});

describe('frames of the past that came too late', () => {
  test('stay as a take that no riff names, and its file has a row', async () => {
    const { late, rig, takeId, words } = await makeLate();
    expect(rig.takes.begun(takeId)).toBeDefined();
    expect(looseOf(rig)).toEqual([]);
    rig.core.keeps.push(...late);
    fileTold(rig, words);
    await rig.settle();
    expect(looseOf(rig)).toMatchObject([{ id: takeId, loose: true, bars: 2 }]);
    expect(filesOf(rig)).toEqual([takeId]);
    expect(rig.takes.begun(takeId)).toBeUndefined();
    expect(rig.content[0]).toBeNull();
    expect(rig.state.history.count).toBe(1);
    expect(rig.errors).toEqual([]);
  });

  test('the same bars again are another take, that plays', async () => {
    const { late, rig } = await makeLate();
    rig.core.keeps.push(...late);
    await rig.settle();
    expect(await rig.ask(reach(0, 20, 2))).toMatchObject({ type: 'OK' });
    expect(rig.content[0]).toBe(idOfWords(rangeOf(rig)?.id ?? []));
    expect(looseOf(rig)).toHaveLength(1);
    await rig.ask(undo);
    expect(rig.content[0]).toBeNull();
  });

  test('belong to the session in which they were asked for', async () => {
    const { late, rig, takeId } = await makeLate();
    const asked = rig.state.meta.sessionId;
    expect(await rig.ask({ cmd: 'NEW_SESSION', name: 'B' })).toMatchObject({ type: 'OK' });
    expect(rig.state.meta.sessionId).not.toBe(asked);
    rig.core.keeps.push(...late);
    await rig.settle();
    const takes = rig.writes.filter((write) => write.kind === 'take');
    expect(takes).toMatchObject([{ sessionId: asked, take: { id: takeId } }]);
  });

  test('that did not come at all are forgotten', async () => {
    const { late, rig, takeId, words } = await makeLate();
    rig.core.unreadable.add(words.join());
    rig.core.keeps.push(...late);
    await rig.settle();
    expect(rig.takes.begun(takeId)).toBeUndefined();
    expect(looseOf(rig)).toEqual([]);
  });
});

describe('frames of the past that the core took and would not play', () => {
  const refusals: Record<string, (rig: Rig) => void> = {
    'at its door': (rig) => (rig.core.sendCode = 2007),
    'in its turn': (rig) => rig.core.refusedKinds.add(COMMAND_KIND.slotSet),
  };
  for (const [where, refuse] of Object.entries(refusals)) {
    test(`stay as such a take: ${where}`, async () => {
      const { reqId, rig, takeId, words } = await makeStage();
      refuse(rig);
      await rig.settle();
      expect(rig.answerTo(reqId)).toMatchObject({ type: 'ERROR' });
      fileTold(rig, words);
      expect(looseOf(rig)).toMatchObject([{ id: takeId }]);
      expect(filesOf(rig)).toEqual([takeId]);
      expect(rig.takes.begun(takeId)).toBeUndefined();
    });
  }

  test('negative control: of what plays there is none', async () => {
    const { reqId, rig, takeId } = await makeStage();
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ type: 'OK' });
    expect([rig.content[0], looseOf(rig)]).toEqual([takeId, []]);
  });
});
