/** What tests of sessions do with a rig again and again. */
import { expect } from 'bun:test';
import type { LinkQueryResult } from '../../../protocol/link.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import type { Rig } from './rig.ts';
import { makeStore } from './session-store.ts';

export const NOWHERE = '00000000-0000-4000-8000-00000000dead';

export const captured = async (rig: Rig, slot: number): Promise<string> => {
  const answer = await rig.ask({ cmd: 'TRIGGER_SLOT', slot, bars: 4, quantized: true });
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as TriggerResult).takeId;
};

export const made = async (rig: Rig, name?: string): Promise<string> => {
  const answer = await rig.ask({ cmd: 'NEW_SESSION', ...(name !== undefined && { name }) });
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as { sessionId: string }).sessionId;
};

export const open = (rig: Rig, sessionId: string) => rig.ask({ cmd: 'OPEN_SESSION', sessionId });

export const sessionsOf = async (rig: Rig, limit = 100, before?: string, removed?: boolean) => {
  const id = rig.emitted.length;
  const query = {
    kind: 'sessions',
    limit,
    ...(before && { before }),
    ...(removed && { removed }),
  } as const;
  rig.session.onMessage({ t: 'query', id, query });
  await rig.settle();
  const found = rig.emitted.find((each) => each.t === 'result' && each.id === id);
  if (found?.t !== 'result') throw new Error('no answer');
  return found.result as Extract<LinkQueryResult, { kind: 'sessions' }>;
};

export const withRig =
  (run: (rig: Rig, store: ReturnType<typeof makeStore>) => Promise<void>) => async () => {
    const store = makeStore();
    try {
      const rig = store.begun();
      await run(rig, store);
      expect(rig.errors).toEqual([]);
    } finally {
      store.end();
    }
  };
