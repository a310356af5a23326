/** The tempo under a hand: what is shown while answers come. */
import { expect, test } from 'bun:test';
import { createTempo } from '../../web/stage/create-tempo.ts';
import type { Session } from '../../web/sync/create-session.ts';

const setUp = () => {
  const answers: (() => void)[] = [];
  const session = {
    state: { transport: { bpm: 120 } },
    run: () => new Promise<void>((end) => answers.push(end)),
  };
  const tempo = createTempo(session as unknown as Session);
  const drag = (upPx: number) => {
    tempo.dragStart(0);
    tempo.dragTo(-upPx, false);
  };
  const answer = async (index: number) => {
    answers[index]?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { answer, drag, tempo };
};

test('an answer that comes during a second drag does not pull it back', async () => {
  const { answer, drag, tempo } = setUp();
  drag(30);
  tempo.dragEnd();
  drag(60);
  const held = tempo.bpm();
  expect(held).toBe(150);
  await answer(0);
  expect(tempo.bpm()).toBe(held);
  tempo.dragEnd();
  await answer(1);
  expect(tempo.isSetting()).toBe(false);
});
