import { describe, expect, test } from 'bun:test';
import type { TakeInfo } from '../../../protocol/link.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

const infoOf = (rig: Rig, takeId: string): TakeInfo | null => {
  rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'take', takeId } });
  const last = rig.emitted.at(-1);
  if (last?.t !== 'result' || last.result.kind !== 'take') throw new Error('no answer');
  return last.result.take;
};

/** Half a bar before its line. */
const recording = async () => {
  const rig = new Rig();
  rig.core.isLineAhead = true;
  rig.core.frame = 10 * BAR_FRAMES + BAR_FRAMES / 2;
  const press = { cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true } as const;
  const answer = await rig.ask(press);
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return { rig, takeId: (answer.result as TriggerResult).takeId };
};

const window = { fromFrame: 9 * BAR_FRAMES, toFrame: 11 * BAR_FRAMES, bars: 2 };

describe('a take whose window has not ended', () => {
  test('is known from its answer on, as one that is not saved', async () => {
    const { rig, takeId } = await recording();
    expect(infoOf(rig, takeId)).toMatchObject({ ...window, saved: false, sha256: null });
    expect(rig.takes.has(takeId)).toBeFalse();
    await rig.reachLine();
    expect(infoOf(rig, takeId)).toMatchObject({ ...window, saved: true });
  });

  test('is cut off when FlowZone ends in order: what was heard stays as a loose take', async () => {
    const { rig, takeId } = await recording();
    let isOver = false;
    const ended = rig.session.endRecordings().then(() => (isOver = true));
    await Promise.resolve();
    expect(isOver).toBeFalse();
    await rig.settle();
    await ended;
    expect(rig.state.slots[0]).toMatchObject({ state: 'EMPTY', pending: null });
    const heard = { fromFrame: 9 * BAR_FRAMES, toFrame: rig.core.frame, bars: 1.5, lengthBeats: 6 };
    expect(rig.writes).toMatchObject([
      { kind: 'take', take: { ...heard, id: takeId, loose: true } },
    ]);
    expect(infoOf(rig, takeId)).toMatchObject({ ...heard, saved: false });
  });

  test('of which nothing was heard is forgotten', async () => {
    const { rig, takeId } = await recording();
    rig.core.frame = window.fromFrame;
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    expect(infoOf(rig, takeId)).toBeNull();
    expect(rig.writes).toEqual([]);
  });

  test('an end while nothing records is over at once', async () => {
    const rig = new Rig();
    await rig.session.endRecordings();
    expect(rig.core.sent).toEqual([]);
  });
});
